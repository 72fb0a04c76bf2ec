"""What clusters of several sizes take: `helm-lookout plan` beside the controller's own peak, through
changes, scrapes and a relist in which every object differs. On the fake API server, which holds
what no real one would on this machine."""

import json
import subprocess

from fake_cluster import FakeCluster, live_through_everything
from lookout import Lookout

SIZES = [(100, 10), (1_000, 10), (5_000, 10), (20_000, 10), (20_000, 1)]
CHURN = 50  # changes a second
LIFE_SECONDS = 5


def measure_one(lookout, sandbox, folder, releases, revisions):
    cluster = FakeCluster(sandbox, folder, releases, revisions, CHURN).start()
    settings = ["--config", str(cluster.settings)]
    try:
        planned = json.loads(subprocess.run(
            [str(lookout), "plan", "-o", "json", "--kubeconfig", str(cluster.kubeconfig), *settings],
            check=True, capture_output=True, text=True).stdout)
        controller = Lookout(lookout, folder, cluster.kubeconfig, *settings).wait_ready(120)
        try:
            ready = controller.peak_rss_mb()
            live_through_everything(controller, cluster, LIFE_SECONDS)
            peak = controller.peak_rss_mb()
        finally:
            controller.kill()
    finally:
        cluster.stop()
    process, advice = planned["process"], planned["advice"]
    return {"releases": releases, "revisions": revisions, "series": planned["scrape"]["series"],
            "plain_mb": planned["scrape"]["plain_bytes"] / 1e6,
            "cpu_seconds": process["cpu_seconds"],
            "plan_mib": process["peak_resident_bytes"] / 2**20, "ready_mib": ready,
            "peak_mib": peak, "request_mib": advice["memory_request_mib"],
            "limit_mib": advice["memory_limit_mib"]}


def measure(lookout, sandbox, folder, progress):
    rows = []
    for releases, revisions in SIZES:
        progress(f"sizing: {releases} × {revisions}")
        rows.append(measure_one(lookout, sandbox, folder, releases, revisions))
    return rows


def section(rows):
    lines = "".join(
        f"| {row['releases']:,} × {row['revisions']} | {row['series']:,} | {row['plain_mb']:.1f} | "
        f"{row['cpu_seconds']:.2f} | {row['plan_mib']:.0f} | {row['ready_mib']:.0f} | "
        f"{row['peak_mib']:.0f} | {row['request_mib']} | {row['limit_mib']} |\n" for row in rows)
    most = max(row["peak_mib"] / row["plan_mib"] for row in rows)
    kept = all(row["peak_mib"] < row["limit_mib"] for row in rows)
    return f"""## What a cluster takes
`helm-lookout plan` beside the controller, both on the fake API server with two small chart repositories, memory in MiB. The controller's peak comes after {CHURN} changes a second for {LIFE_SECONDS} s
with scrapes in every format, and a relist in which every object differs: at most {most:.2f} × the plan's (the limit stays above it: {"met" if kept else "not met"}).

| releases × revisions | series | scrape MB | plan's CPU seconds | plan's peak | controller's, when ready | its peak | request | limit |
|---|---|---|---|---|---|---|---|---|
{lines}"""
