"""Lists on a real API server: the first one, pages, versions that expired or lie ahead, and what a
relist must find."""

import base64
import json
import time

from cluster import wait_for
from control_plane import WITHOUT_CACHE
from lookout import release_samples

PAGE = "50"  # instead of the product's 5,000
AHEAD = 1_000_000_000


def kinds(asked):
    return [each.kind for each in asked]


def chart_version(samples, name):
    return [dict(labels)["chart_version"] for family, labels in samples
            if family == "helm_release_info" and ("name", name) in labels]


def test_L1_S1_cold_start_streams_one_list(bench):
    """One streamed list, called synced only at its end; the same stream goes on as the watch."""
    with bench.watched(hold=lambda asked: asked.kind == "watch list", ready=False) as it:
        assert it.recorder.hold_requests.waiting.wait(20)
        wait_for("the health server", lambda: readiness(it.lookout) == 503)
        assert it.own("helm_lookout_informer_synced") == 0
        assert not release_samples(it.lookout.samples())
        it.recorder.hold_requests.let_go.set()
        it.lookout.wait_ready()
        it.settle()
        assert it.own("helm_lookout_informer_synced") == 1
        assert it.own("helm_lookout_list_total") == it.own("helm_lookout_list_total",
                                                           result="ok") == 1
        bench.create("late", 1, labels={"team": "blue"})
        it.settle()
        bench.delete("late", 1)
        it.settle()
        (only,) = it.informer()
        assert (only.kind, only.version, only.ended) == ("watch list", "", None), only


def readiness(lookout):
    try:
        return lookout.get("/readyz", lookout.health_port)[0]
    except OSError:
        return None


def test_L1_S2_cold_start_without_watch_list(bench):
    """A server that refuses streamed lists is asked for one whole list of its cache, then watched
    from there."""
    with bench.another_server("--feature-gates=WatchList=false") as port, \
            bench.watched(port) as it:
        it.settle()
        refused, listed, watching = it.informer()
        assert (refused.kind, refused.status) == ("watch list", 422), refused
        assert (listed.kind, listed.version, listed.status) == ("list", "0", 200), listed
        assert "limit" not in listed.query and watching.kind == "watch"
        bench.create("late", 1)
        it.settle()
        bench.delete("late", 1)
        it.settle()
        assert len(it.informer()) == 3, it.informer()


class Relist:
    """Makes the product list again at the most recent version: its own version expires while it is
    away, and lies ahead of the server when it lists. Pages are small."""

    def __init__(self, bench):
        self.bench = bench
        self.armed = False

    def change(self, asked):
        if not self.armed or asked.kind not in ("list", "watch list"):
            return
        if asked.version:
            asked.query["resourceVersion"] = str(int(asked.version) + AHEAD)
        if asked.query.get("limit") == "5000":
            asked.query["limit"] = PAGE

    def is_later_page(self, asked):
        return self.armed and "continue" in asked.query

    def forget(self):
        self.armed = True
        self.bench.create("meanwhile", 1)
        self.bench.delete("meanwhile", 1)
        self.bench.cluster.compact()


def first_page_version(asked):
    token = asked.query["continue"]
    return json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))["rv"]


def test_L3_L6_pages_after_a_version_ahead_of_the_server(bench):
    """A list at a version that the server has not reached is asked again for the most recent one,
    in pages; the watch goes on from the first page's version."""
    relist = Relist(bench)
    with bench.another_server(*WITHOUT_CACHE) as port, \
            bench.watched(port, relist.change, relist.is_later_page) as it:
        before = it.reconnect(while_away=relist.forget)
        assert it.recorder.hold_requests.waiting.wait(30), it.informer(before)
        bench.create("between-pages", 1)
        bench.delete("app-0", 3)
        it.recorder.hold_requests.let_go.set()
        it.settle()
        asked = it.informer(before)
        expired, ahead, first, *pages = [each for each in asked if each.kind != "probe"]
        assert expired.kind == "watch" and b"Expired" in expired.start, asked
        assert (ahead.kind, ahead.status) == ("list", 504), asked
        assert b"Too large resource version" in ahead.start
        assert (first.version, first.query["limit"]) == ("", PAGE), asked
        *pages, watching = pages
        assert len(pages) >= 2 and all("continue" in each.query and not each.version
                                       for each in pages), asked
        assert watching.kind == "watch", asked
        assert int(watching.version) == first_page_version(pages[0]), asked
        assert it.own("helm_lookout_relists_total") == 1
        bench.create("app-0", 3)
        bench.delete("between-pages", 1)
        it.settle()


def test_L4_page_that_expired(bench):
    """etcd forgets the list between two pages: one whole list more, nothing lost, nothing twice."""
    relist = Relist(bench)
    with bench.another_server(*WITHOUT_CACHE) as port, \
            bench.watched(port, relist.change, relist.is_later_page) as it:
        before = it.reconnect(while_away=relist.forget)
        assert it.recorder.hold_requests.waiting.wait(30), it.informer(before)
        bench.create("between-pages", 1)
        bench.delete("app-0", 3)
        bench.cluster.compact()
        it.recorder.hold_requests.let_go.set()
        it.settle()
        asked = it.informer(before)
        _, _, first, page, again, watching = [each for each in asked if each.kind != "probe"]
        assert (first.status, page.status, again.status) == (200, 410, 200), asked
        assert b"Expired" in page.start and "continue" in page.query
        assert "continue" not in again.query and "limit" not in again.query, asked
        assert again.version == "" and watching.kind == "watch", asked
        bench.create("app-0", 3)
        bench.delete("between-pages", 1)
        it.settle()


def test_L6_streamed_list_ahead_of_the_server(bench):
    """The same in a streamed list, where it is an event with a time to wait; it is waited for."""
    relist = Relist(bench)
    with bench.watched(change=relist.change) as it:
        bench.write_elsewhere()
        with bench.another_server() as port:
            relist.armed = True
            before = it.reconnect(port)
            wait_for("a list after the failed one", lambda: len(
                it.recorder.of("watch list", since=before)) == 2, 60)
            it.settle()
            ahead, recent = it.recorder.of("watch list", since=before)
            assert b"Too large resource version" in ahead.start, ahead
            assert recent.version == "" and recent.began - ahead.ended >= 0.95, (ahead, recent)


def test_W3_L10_deletes_that_nobody_told(bench):
    """The version expired while we were away: 410 in the watch, a list at the last version, and
    what is gone from it is gone from the metrics."""
    bench.create("leaves-whole", 1)
    with bench.watched() as it:
        it.settle()
        bench.write_elsewhere()
        with bench.another_server() as port:
            def delete():
                bench.delete("leaves-whole", 1)
                for revision in (3, 2):
                    bench.delete("app-1", revision)
            before = it.reconnect(port, delete)
            it.settle()
            asked = [each for each in it.informer(before) if each.kind != "probe"]
            assert kinds(asked) == ["watch", "watch list"], asked
            assert b"Expired" in asked[0].start and asked[1].version == asked[0].version, asked
            assert it.own("helm_lookout_relists_total", reason="expired") == 1
            assert it.own("helm_lookout_watch_restarts_total", reason="expired") == 1
            shown = release_samples(it.lookout.samples())
            assert not chart_version(shown, "leaves-whole")
            bench.create("app-1", 2, "superseded")
            bench.create("app-1", 3)
            it.settle()


def test_L11_reborn_while_away(bench):
    """Uninstalled and installed again with another chart while we were away: the same Secret name,
    another object, and nothing of the old chart is left."""
    bench.install(3, "reborn", "births")
    name = "sh.helm.release.v1.reborn.v1"
    with bench.watched() as it:
        it.settle()
        assert chart_version(release_samples(it.lookout.samples()), "reborn") == ["1.0.0"]
        def uid():
            return bench.api.must("GET", f"/api/v1/namespaces/births/secrets/{name}")[
                "metadata"]["uid"]
        first = uid()
        bench.write_elsewhere()
        with bench.another_server() as port:
            def reborn():
                bench.cluster.helm(4, "uninstall", "reborn", "-n", "births")
                bench.install(4, "reborn", "births", chart="chart-next")
            before = it.reconnect(port, reborn)
            it.settle()
            assert uid() != first
            assert "watch list" in kinds(it.informer(before)), it.informer(before)
            assert chart_version(release_samples(it.lookout.samples()), "reborn") == ["1.1.0"]


def test_L13_relist_of_what_did_not_change(bench):
    """Nothing is decoded, fetched or rendered anew, and not a byte of the exposition differs."""
    with bench.watched() as it:
        it.settle()
        def work():
            return {family: it.own(family) for family in (
                "helm_lookout_decode_seconds_count", "helm_lookout_payload_fetch_total",
                "controller_runtime_reconcile_total", "workqueue_adds_total")}
        def lines():
            return [line for line in it.lookout.metrics().splitlines()
                    if line.startswith("helm_release_")]
        shown, done = lines(), work()
        assert done["helm_lookout_decode_seconds_count"] >= 50, done
        bench.write_elsewhere()
        with bench.another_server() as port:
            before = it.reconnect(port)
            wait_for("a relist", lambda: it.own("helm_lookout_list_total", result="ok") == 2, 30)
            until = time.monotonic() + 1
            while time.monotonic() < until:
                assert lines() == shown
                assert it.own("helm_lookout_render_dirty_chunks") == 0
            assert work() == done
            assert "watch list" in kinds(it.informer(before)), it.informer(before)
