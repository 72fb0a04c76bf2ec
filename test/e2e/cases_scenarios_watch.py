"""Watches on a real API server: their normal end, versions that only bookmarks know, consumers that
stand still, and an etcd that goes back in time."""

import re
import signal
import time

from cluster import wait_for
from lookout import Lookout
from plain_releases import path_of
from scenario_bench import NAMESPACE, RELEASES

CRASH_REPAIRED_WITHIN = 30
REWIND_NOTICED_WITHIN = 180


def short_watches(seconds):
    def change(asked):
        if "timeoutSeconds" in asked.query:
            asked.query["timeoutSeconds"] = str(seconds)
    return change


def test_W1_watches_that_end_in_time(bench):
    """The next watch goes on at once from the last version: no list, no delay, nothing missed."""
    with bench.watched(change=short_watches(2)) as it:
        for i in range(3):
            wait_for("the next watch", lambda: len(it.recorder.of("watch")) > i, 30)
            bench.create(f"short-{i}", 1)
            it.settle()
        for i in range(3):
            bench.delete(f"short-{i}", 1)
        wait_for("one more", lambda: len(it.recorder.of("watch")) > 3, 30)
        it.settle()
        first, *watches = it.informer()
        assert first.kind == "watch list" and {each.kind for each in watches} == {"watch"}, watches
        versions = [int(each.version) for each in watches]
        assert versions == sorted(versions), versions
        for ended, began in zip([first, *watches], watches):
            assert began.began - ended.ended < 0.7, (ended, began)
        assert it.own("helm_lookout_relists_total") == 0
        assert it.own("helm_lookout_watch_restarts_total") == \
            it.own("helm_lookout_watch_restarts_total", reason="ended") >= 3


def test_W2_bookmarks_keep_the_version_young(bench):
    """Nothing but a bookmark came, and the version before it has expired: the watch goes on from
    the bookmark, without a list."""
    with bench.watched(change=short_watches(6)) as it:
        it.settle()
        synced_at = bench.cluster.revision()
        bench.write_elsewhere()
        with bench.another_server() as port:
            cached_at = bench.cluster.revision()
            bench.write_elsewhere()
            bench.cluster.release_secrets()  # a consistent read: the cache learns how far etcd is
            begun = time.time()
            wait_for("a bookmark", lambda: it.own(
                "helm_lookout_informer_last_bookmark_timestamp_seconds") > begun, 20)
            before = it.reconnect(port)
            wait_for("a watch of the other server", lambda: any(
                each.status == 200 for each in it.recorder.of("watch", since=before)), 30)
            bench.create("after-bookmark", 1)
            it.settle()
            bench.delete("after-bookmark", 1)
            it.settle()
            asked = it.informer(before)
            assert {each.kind for each in asked} <= {"watch", "probe"}, asked
            (watch, *_) = it.recorder.of("watch", since=before)
            assert int(watch.version) >= cached_at, (watch, cached_at)
            assert it.own("helm_lookout_relists_total") == 0
            # What would have come without the bookmark.
            told = bench.cluster.connection(port).first_event(synced_at)
            assert told["type"] == "ERROR" and told["object"]["code"] == 410, told


def test_W7_api_server_crash(bench):
    """Killed and started again, twice: noticed and repaired within seconds, although a server
    that has just started refuses whoever is not an administrator."""
    for i in range(2):
        bench.cluster.restart_api_server()
        bench.api = bench.cluster.connection()
        bench.create(f"crash-{i}", 1)
        bench.settle(seconds=CRASH_REPAIRED_WITHIN)
    for i in range(2):
        bench.delete(f"crash-{i}", 1)
    bench.settle()


def watches_ended_by(bench):
    """How many watches of Secrets the API server ended because they did not keep up."""
    told = bench.cluster.kubectl("get", "--raw", "/metrics")
    return sum(float(value) for value in re.findall(
        r'^apiserver_terminated_watchers_total\{[^}]*resource="secrets"[^}]*\} (\S+)$', told, re.M))


def test_W16_consumers_that_stand_still(bench):
    """Payloads that do not come for a while hold the watch up in nothing, and a process that was
    stopped for half a minute while tens of megabytes of events passed ends up equal."""
    stopped = Lookout(bench.binary, bench.folder, bench.role_kubeconfig).wait_ready()
    bench.launched.append(stopped)
    bench.settle(stopped)
    stopped.process.send_signal(signal.SIGSTOP)
    stopped_at = time.monotonic()
    with bench.watched() as it:
        it.settle()
        ended = watches_ended_by(bench)
        hold = it.recorder.hold(lambda asked: asked.kind == "payload")
        received = it.own("helm_lookout_watch_bytes_total")

        def change(api, number):
            patch = {"metadata": {"annotations": {"filler": f"{number} " + "x" * 20_000}}}
            api.must("PATCH", path_of(NAMESPACE, f"app-{number % RELEASES}", 3), patch,
                     "application/merge-patch+json")
        bench.in_parallel(change, range(2500))
        bench.create("last-of-many", 1)
        assert hold.waiting.is_set()
        wait_for("every event is read", lambda: it.own("helm_lookout_watch_bytes_total")
                 > received + 2500 * 20_000, 15)
        assert it.own("workqueue_depth") <= RELEASES + 1
        hold.let_go.set()
        it.settle()
        # No request but for watches that the server ended in order, and says so: the recorder, or the
        # process that was stopped, was too slow for it.
        (first, *later) = it.informer()
        assert first.kind == "watch list" and {each.kind for each in later} <= {"watch"}, it.informer()
        assert len(later) <= watches_ended_by(bench) - ended, it.informer()
        orderly = sum(it.own("helm_lookout_watch_restarts_total", reason=reason)
                      for reason in ("ended", "short"))
        assert orderly == it.own("helm_lookout_watch_restarts_total") == len(later)
    time.sleep(max(0, 30 - (time.monotonic() - stopped_at)))
    stopped.process.send_signal(signal.SIGCONT)
    bench.settle(stopped)
    assert stopped.peak_rss_mb() < 100, stopped.peak_rss_mb()
    stopped.stop()
    bench.delete("last-of-many", 1)


def test_W17_etcd_goes_back_in_time(bench):
    """etcd restored from a copy: versions are lower than those we saw. Noticed within three
    minutes, and all equal again."""
    bench.install(3, "kept", "rewound")
    bench.install(4, "goes", "rewound")
    with bench.watched() as it:
        it.settle()
        bench.cluster.back_up()
        bench.install(3, "kept", "rewound", chart="chart-next")
        bench.cluster.helm(4, "uninstall", "goes", "-n", "rewound")
        bench.install(4, "never-was", "rewound")
        bench.write_elsewhere(1000)
        bench.install(4, "never-was", "rewound")
        it.settle()
        seen, before = bench.cluster.revision(), len(it.recorder.asked)
        began = time.monotonic()
        bench.cluster.restore()
        bench.api = bench.cluster.connection()
        assert bench.cluster.revision() < seen
        bench.settle(it.lookout, seconds=REWIND_NOTICED_WITHIN)
        print(f"        equal {time.monotonic() - began:.0f} s after the crash", flush=True)
        assert time.monotonic() - began < REWIND_NOTICED_WITHIN
        refused = [each for each in it.recorder.of("probe", since=before) if each.status == 504]
        assert refused and b"Too large resource version" in refused[0].start
        assert it.own("helm_lookout_relists_total", reason="rewound") == 1
        bench.create("after-restore", 1)
        it.settle()
