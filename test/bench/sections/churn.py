"""G13, G14: how soon a change is seen, and how many a second are kept up with, beside client-go."""

import time

from clusters import Controller, FakeCluster, Informer
from goals import Goal, said, table, times
from measuring import percentile
from sections.decode import payload_near

RELEASES = 1000
MARKS, EVERY_SECONDS, PATIENCE_SECONDS = 200, 0.03, 10
RATES = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 40_000)
HOLD_SECONDS, LAG_MAX_SECONDS, LOOKS = 5, 0.1, 15
NEAR = 0.95  # of the rate asked for; a generator that cannot do more is said to


class Ours:
    """Seen is what /metrics shows."""

    def __init__(self, cluster, *flags):
        self.cluster, self.controller = cluster, Controller(cluster.kubeconfig, *flags)
        self.controller.wait_ready()
        self.controller.scrape()

    def see(self, number):
        """When a scrape was complete that has the marker; None when it did not come in time."""
        line = (f'helm_release_revision{{name="marker-{number % 50}",'
                f'namespace="namespace-0"}} {number}\n').encode()
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            if line in self.controller.scrape():
                return time.monotonic()
        return None

    def stop(self):
        self.controller.stop()


class Peer:
    """Seen is when the informer's handler is done with it; a typed one has the release decoded."""

    def __init__(self, cluster, kind):
        self.cluster, self.informer = cluster, Informer(kind, cluster.kubeconfig)
        self.informer.wait("synced")

    def see(self, number):
        line, end = f"saw marker-{number % 50} {number}", time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            for at, told in self.informer.lines[-100:]:
                if told == line:
                    return at
            time.sleep(0.001)
        return None

    def stop(self):
        self.informer.stop()


SIDES = {"ours": (Ours,), "typed": (Peer, "typed"), "ours_metadata": (Ours, "--payload=never"),
         "metadata": (Peer, "metadata")}


def lag(side, number):
    began = side.cluster.mark(number)
    at = side.see(number)
    return PATIENCE_SECONDS if at is None else at - began


def look(side, first):
    """Milliseconds from a change to its being seen, in the middle and at worst."""
    lags = []
    for number in range(first, first + MARKS):
        lags.append(lag(side, number) * 1000)
        time.sleep(EVERY_SECONDS)
    return {"p50": percentile(lags, 0.5), "p99": percentile(lags, 0.99)}


def hold(side, rate, first):
    """What was really sent and the worst lag while it was."""
    cluster = side.cluster
    cluster.ask(f"rate {rate}")
    time.sleep(1)
    began, sent = time.monotonic(), int(cluster.ask("count"))
    lags = []
    for number in range(first, first + LOOKS):
        lags.append(lag(side, number))
        time.sleep(max(0, HOLD_SECONDS / LOOKS - lags[-1]))
        if lags[-1] >= PATIENCE_SECONDS:
            break
    sent = (int(cluster.ask("count")) - sent) / (time.monotonic() - began)
    cluster.ask("rate 0")
    return sent, max(lags)


def most_held(side, first, progress):
    """The highest rate with a lag under the limit, and what ended the search."""
    best = {"rate": 0, "lag_ms": 0, "limit": "lag"}
    for rate in RATES:
        progress(f"{rate} events a second")
        sent, worst = hold(side, rate, first)
        first += LOOKS
        if worst > LAG_MAX_SECONDS:
            return best
        if sent > best["rate"]:
            best = {"rate": sent, "lag_ms": worst * 1000, "limit": "lag"}
        if sent < NEAR * rate:
            return {**best, "limit": "server"}
    return {**best, "limit": "asked"}


def measure(bench):
    payload_near(bench.charts, bench.folder)
    out = {}
    for name, (kind, *arguments) in SIDES.items():
        with FakeCluster(bench, RELEASES, bench.folder / "payload") as cluster:
            side = kind(cluster, *arguments)
            try:
                bench.progress(f"{name}: one change after the other")
                out[name] = look(side, 1)
                out[name].update(most_held(side, MARKS + 1,
                                           lambda text, name=name: bench.progress(f"{name}: {text}")))
            finally:
                side.stop()
    return out


def held(side):
    return f"{side['rate']:,.0f}/s" + (" or more" if side["limit"] != "lag" else "")


def more(ours, peer):
    return f"{ours['rate'] / peer['rate']:.1f} ×" if peer["rate"] else "–"


def goals(f):
    ours, typed, mine, metadata = f["ours"], f["typed"], f["ours_metadata"], f["metadata"]
    seen = ours["p99"] / typed["p99"]
    return [Goal("G13", "event → visible in /metrics, p99, 1,000 releases; ≤ 2 × client-go's handler",
                 f"{ours['p99']:.1f} ms", f"client-go typed, decoded {typed['p99']:.1f} ms",
                 f"{seen:.2f} × its time", seen <= 2, "churn"),
            Goal("G14a", "metadata events a second with lag < 100 ms; ≥ 5,000", held(mine),
                 f"client-go {held(metadata)}", more(mine, metadata),
                 mine["rate"] >= 5000 * NEAR, "churn"),
            Goal("G14b", "the same with payloads; ≥ 1,000", held(ours),
                 f"client-go typed, decoded {held(typed)}",
                 more(ours, typed), ours["rate"] >= 1000 * NEAR, "churn")]


NAMES = {"ours": "**helm-lookout**, in `/metrics`", "typed": "client-go informer of Secrets, decoded",
         "ours_metadata": "**helm-lookout** `--payload=never`, in `/metrics`",
         "metadata": "client-go metadata informer"}
LIMITS = {"lag": "lag", "server": "the fake server sends no more", "asked": "no more was asked for"}


def section(f):
    seen = f["ours"]["p99"] / f["typed"]["p99"]
    return f"""## Changes
From the fake API server on core 0, {RELEASES:,} releases with a payload of 52 KB, to a client on core 1. A change is seen when a scrape that has it is complete, which is asked for without pause, or when client-go's
handler is done with it. Events held are those of {HOLD_SECONDS} s, all seen within {LAG_MAX_SECONDS * 1000:.0f} ms; each asks for a payload unless payloads are off.

""" + table(["who", "seen after, median ms", "p99 ms", "events held", "worst lag then, ms", "ended by"],
            [[shown, f"{f[name]['p50']:.1f}", f"{f[name]['p99']:.1f}", f"{f[name]['rate']:,.0f}/s",
              f"{f[name]['lag_ms']:.0f}", LIMITS[f[name]["limit"]]]
             for name, shown in NAMES.items()]) + f"""
Goals: p99 ≤ 2 × client-go's ({said(seen <= 2)}: {seen:.2f} ×), ≥ 5,000 metadata events ({said(f['ours_metadata']['rate'] >= 5000 * NEAR)}), ≥ 1,000 with payloads ({said(f['ours']['rate'] >= 1000 * NEAR)}).
"""
