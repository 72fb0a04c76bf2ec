"""G4, G6: from start to right metrics on a real API server, beside client-go's informers."""

import json
import time

from clusters import Controller, RealCluster
from goals import Goal, said, table
from measuring import CLIENT_CORE, PEER, RUNS, alternate, output

RELEASES, REVISIONS = 1000, 10
SETTLE_SECONDS = 2
SLOWEST = 5  # runs at most: the typed informer takes seconds and gigabytes


def start_ours(kubeconfig):
    """Wall until ready (each payload read), CPU until then, peak and what stays."""
    controller = Controller(kubeconfig)
    try:
        seconds = controller.wait_ready()
        cpu = controller.cpu_ticks_seconds()
        peak = controller.peak_mb()
        series = controller.scrape().count(b"\nhelm_release_info{")
        assert series == RELEASES, series
        time.sleep(SETTLE_SECONDS)
        return {"seconds": seconds, "cpu_seconds": cpu, "peak_rss_mb": peak,
                "whole_peak_mb": controller.peak_mb(), "steady_mb": controller.rss_mb()}
    finally:
        controller.stop()


def measure(bench):
    with RealCluster(bench, pinned=False) as cluster:
        bench.progress("seeding")
        seeded = cluster.seed(RELEASES, REVISIONS, bench.charts)

        def informer(kind):
            return json.loads(output(PEER, "informer", kind, cluster.kubeconfig, core=CLIENT_CORE))
        sides = {"ours": lambda: start_ours(cluster.kubeconfig),
                 "metadata": lambda: informer("metadata"), "typed": lambda: informer("typed")}
        for side in sides.values():
            side()  # the server's heap has grown once for everyone
        return {**seeded, **alternate(sides, min(RUNS, SLOWEST), bench.progress)}


def goals(f):
    ours, typed, metadata = f["ours"], f["typed"], f["metadata"]

    def row(goal, what, key, unit, limit):
        return Goal(goal, f"1,000 releases × 10 revisions, from start to right metrics: {what}",
                    f"{ours[key]:.2f} {unit}".replace(".00", ""),
                    f"client-go typed, nothing decoded {typed[key]:,.2f} {unit}; metadata {metadata[key]:,.2f}",
                    f"{typed[key] / ours[key]:.1f} ×; {metadata[key] / ours[key]:.1f} ×",
                    ours[key] <= limit, "start")
    growth = ours["whole_peak_mb"] / ours["steady_mb"]
    return [row("G4a", "peak RSS; ≤ 24 MB", "peak_rss_mb", "MB", 24),
            row("G4b", "wall; ≤ 1.2 s", "seconds", "s", 1.2),
            row("G4c", "CPU; ≤ 0.45 s", "cpu_seconds", "s", 0.45),
            Goal("G6a", "peak / steady RSS over that start, a scrape included; ≤ 1.6 ×",
                 f"{ours['whole_peak_mb']:.1f} / {ours['steady_mb']:.1f} MB", "–",
                 f"{growth:.2f} ×", growth <= 1.6, "start")]


def section(f):
    def row(name, side):
        return [name, f"{side['seconds']:.2f}", f"{side['cpu_seconds']:.2f}",
                f"{side['peak_rss_mb']:.0f}"]
    ours, typed = f["ours"], f["typed"]
    return f"""## From start to right metrics: {RELEASES:,} releases × {REVISIONS} revisions
Payloads of {f['charts']} real charts, {f['mean_payload_bytes'] / 1000:.0f} KB in the mean, on a real API server with etcd; server on core 0 and 1, client on core 1. Ours ends when
`/readyz` is 200, that is with every current payload decoded; client-go's informers end when they have synced, with nothing decoded. Medians of {min(RUNS, SLOWEST)} runs.

""" + table(["what", "seconds", "CPU seconds", "peak RSS MB"], [
        row("**helm-lookout, all payloads decoded**", ours),
        row("client-go metadata informer, nothing decoded", f["metadata"]),
        row("client-go informer of Secrets, nothing decoded", typed)]) + f"""
Goals: ≤ 24 MB ({said(ours['peak_rss_mb'] <= 24)}), ≤ 1.2 s ({said(ours['seconds'] <= 1.2)}), ≤ 0.45 s of CPU ({said(ours['cpu_seconds'] <= 0.45)}). Against the informer of whole Secrets: {typed['peak_rss_mb'] / ours['peak_rss_mb']:.0f} × less memory, {typed['cpu_seconds'] / ours['cpu_seconds']:.0f} × less CPU.
{SETTLE_SECONDS} seconds later, with a scrape behind it, ours has {ours['steady_mb']:.1f} MB resident; the peak until then was {ours['whole_peak_mb']:.1f} MB, {ours['whole_peak_mb'] / ours['steady_mb']:.2f} × (≤ 1.6 ×: {said(ours['whole_peak_mb'] / ours['steady_mb'] <= 1.6)}).
"""
