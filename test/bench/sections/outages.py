"""G16–G18: peers that vanish, servers that go back in time, say no end, or are down: in real time, beside
client-go. Everything waits side by side, so all of it takes as long as the longest."""

import os
import threading
import time

import half_open
from clusters import Controller, FakeCluster, Informer, Relay, write_kubeconfig
from goals import Goal, said, table
from measuring import LOOKOUT, SANDBOX
from sections.decode import payload_near

BACKGROUND = True
RELEASES = 20
HALF_OPEN_MAX, REWIND_MAX, NO_END_MAX = 240, 300, 120
DOWN_SECONDS = int(os.environ.get("LOOKOUT_BENCH_DOWN_SECONDS", "600"))


def seconds_until(check, limit, every=0.2):
    """None when it did not come true in time."""
    began = time.monotonic()
    while time.monotonic() - began < limit:
        if check():
            return time.monotonic() - began
        time.sleep(every)
    return None


def together(jobs):
    """{name: what its function returned}, each in a thread of its own."""
    out = {}
    threads = [threading.Thread(target=lambda name=name, job=job: out.__setitem__(name, job()))
               for name, job in jobs.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    missing = [name for name in jobs if name not in out]
    assert not missing, f"failed: {missing}"
    return out


def vanished(bench):
    """Seconds until a peer is noticed that acknowledges nothing any more."""
    far = half_open.Bench(LOOKOUT, SANDBOX, bench.folder)
    informers = {}
    try:
        far.start()
        if far.refused:
            return {"refused": far.refused}
        for family in far.watching:
            informers[family] = Informer("metadata", bench.folder / f"{family}.kubeconfig")
            informers[family].wait("synced")
        time.sleep(3)
        asked = {family: len(one.requests()) for family, one in informers.items()}
        far.namespace.swallow_answers()
        jobs = {}
        for family, lookout in far.watching.items():
            jobs[f"ours {family}"] = lambda one=lookout: seconds_until(
                lambda: half_open.broken_watches(one), HALF_OPEN_MAX)
            jobs[f"go {family}"] = lambda name=family: seconds_until(
                lambda: len(informers[name].requests()) > asked[name], HALF_OPEN_MAX)
        return together(jobs)
    finally:
        for informer in informers.values():
            informer.stop()
        far.stop()


def rewound(bench):
    """Seconds until what an etcd restored from a backup has is seen; watches are told nothing."""
    with FakeCluster(bench, RELEASES, bench.folder / "payload") as cluster:
        cluster.mark(1)
        cluster.ask("save")
        for number in range(2, 60):
            cluster.mark(number)
        controller = Controller(cluster.kubeconfig)
        informer = Informer("metadata", cluster.kubeconfig)
        try:
            controller.wait_ready()
            informer.wait("saw marker-9 59")
            time.sleep(2)
            cluster.ask("restore")
            cluster.mark(101)
            restored = b'helm_release_revision{name="marker-1",namespace="namespace-0"} 101\n'
            return together({
                "ours": lambda: seconds_until(lambda: restored in controller.scrape(), REWIND_MAX, 1),
                "go": lambda: seconds_until(lambda: informer.when("saw marker-1 101"), REWIND_MAX)})
        finally:
            controller.stop(), informer.stop()


def without_end(bench):
    """Seconds from the start until synced when WatchLists never say that they have ended."""
    with FakeCluster(bench, RELEASES, bench.folder / "payload") as cluster:
        cluster.ask("no-end")
        controller, informer = Controller(cluster.kubeconfig), Informer("metadata", cluster.kubeconfig)
        try:
            return together({
                "ours": lambda: seconds_until(lambda: controller.health("/readyz"), NO_END_MAX),
                "go": lambda: seconds_until(lambda: informer.when("synced"), NO_END_MAX)})
        finally:
            controller.stop(), informer.stop()


def down(bench):
    """Connections a second to an API server whose port answers and says nothing."""
    with FakeCluster(bench, RELEASES, bench.folder / "payload") as cluster:
        relays = {name: Relay(cluster.port) for name in ("ours", "go")}
        paths = {name: write_kubeconfig(bench.folder / f"down-{name}.kubeconfig",
                                        f"http://127.0.0.1:{relay.port}")
                 for name, relay in relays.items()}
        controller, informer = Controller(paths["ours"]), Informer("metadata", paths["go"])
        try:
            controller.wait_ready()
            informer.wait("synced")
            time.sleep(1)
            for relay in relays.values():
                relay.cut()
            time.sleep(DOWN_SECONDS)
            return {name: relay.refused / DOWN_SECONDS for name, relay in relays.items()}
        finally:
            controller.stop(), informer.stop()
            for relay in relays.values():
                relay.close()


def measure(bench):
    payload_near(bench.charts, bench.folder)
    return together({"vanished": lambda: vanished(bench), "rewound": lambda: rewound(bench),
                     "without_end": lambda: without_end(bench), "down": lambda: down(bench)})


def shown(seconds, limit):
    return f"not within {limit} s" if seconds is None else f"{seconds:.0f} s"


def within(seconds, limit):
    return seconds is not None and seconds <= limit


# Goal, what is waited for, figures, name of ours and client-go's there, limit, patience.
def waits(f):
    rows = [("G17a", "a resourceVersion that went back is noticed", f["rewound"], "ours", "go", 180,
             REWIND_MAX),
            ("G17b", "synced though the WatchList's end bookmark is lost", f["without_end"], "ours",
             "go", 30, NO_END_MAX)]
    if "refused" not in f["vanished"]:
        rows = [(goal, f"a peer that vanished without FIN is noticed, {family}", f["vanished"],
                 f"ours {family}", f"go {family}", 45, HALF_OPEN_MAX)
                for goal, family in (("G16a", "IPv4"), ("G16b", "IPv6"))] + rows
    return rows


def goals(f):
    out = []
    for goal, what, figures, ours, go, limit, patience in waits(f):
        mine, peer = figures[ours], figures[go]
        ratio = f"{peer / mine:.1f} ×" if mine and peer else "–"
        if mine and peer is None:
            ratio = f"> {patience / mine:.1f} ×"
        out.append(Goal(goal, f"{what}; ≤ {limit} s", shown(mine, patience),
                        "client-go " + shown(peer, patience), ratio, within(mine, limit), "outages"))
    rate = f["down"]
    out.append(Goal("G18", "requests a second while the API server is down; ≤ 0.05",
                    f"{rate['ours']:.3f}/s", f"client-go {rate['go']:.3f}/s",
                    f"{rate['go'] / max(rate['ours'], 1e-9):.1f} ×", rate["ours"] <= 0.05,
                    "outages"))
    return out


def section(f):
    rows = [[what, shown(figures[ours], patience), shown(figures[go], patience),
             f"≤ {limit} s: {said(within(figures[ours], limit))}"]
            for _, what, figures, ours, go, limit, patience in waits(f)]
    rate = f["down"]
    rows.append([f"requests a second over {DOWN_SECONDS} s without the API server",
                 f"{rate['ours']:.3f}", f"{rate['go']:.3f}", f"≤ 0.05: {said(rate['ours'] <= 0.05)}"])
    untold = (f"\nA peer that vanishes was not measured: no network namespaces here ({f['vanished']['refused']}).\n"
              if "refused" in f["vanished"] else "")
    return """## Outages
In real time, against the fake API server over HTTP/1.1; the peer is client-go's metadata informer. Vanished peers sit in a network namespace whose answers are swallowed.

""" + table(["what", "helm-lookout", "client-go", "goal"], rows) + untold
