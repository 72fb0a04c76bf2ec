"""G15: reading a chart repository's index, beside Helm's own loader; and scans that find nothing new."""

import json

import unchanged
from cluster import free_ports
from goals import Goal, said, table
from measuring import BINARIES, CLIENT_CORE, LOOKOUT, PEER, RUNS, alternate, output

INDEXES = {"yaml": "merged-all.yaml", "json": "merged-12MB-json-body.yaml"}


def read_both(path):
    ours, helm = (json.loads(output(*command, path, core=CLIENT_CORE))
                  for command in ([BINARIES / "bench_index"], [PEER, "index"]))
    assert (ours["charts"], ours["versions"]) == (helm["charts"], helm["versions"]), path
    return {**ours, "bytes": path.stat().st_size,
            **{f"helm_{key}": value for key, value in helm.items()}}


def measure(bench):
    folder = bench.charts.parent / "index"
    sides = {name: lambda path=folder / file: read_both(path) for name, file in INDEXES.items()}
    taken = alternate(sides, RUNS, bench.progress)
    bench.progress("unchanged")
    same = unchanged.measure(LOOKOUT, folder / INDEXES["json"], bench.folder, free_ports(2))
    return {**taken, "unchanged": same}


def ratio_of(side):
    return side["helm_cpu_seconds"] / side["cpu_seconds"]


def goals(f):
    yaml, same = f["yaml"], f["unchanged"]["cpu_ms"]
    return [Goal("G15a", "scan of a 30 MB index; ≥ 5 × faster than Helm's loader",
                 f"{yaml['cpu_seconds']:.2f} s of CPU", f"Helm {yaml['helm_cpu_seconds']:.2f} s",
                 f"{ratio_of(yaml):.1f} ×", ratio_of(yaml) >= 5, "index"),
            Goal("G15b", "the same, memory; ≤ 20 MB", f"{yaml['extra_rss_mb']:.1f} MB",
                 f"Helm {yaml['helm_extra_rss_mb']:.0f} MB",
                 f"{yaml['helm_extra_rss_mb'] / yaml['extra_rss_mb']:.0f} ×",
                 yaml["extra_rss_mb"] <= 20, "index"),
            Goal("G15c", "unchanged index (304); ≤ 1 ms", f"{same:.2f} ms of CPU", "–", "–",
                 same <= 1, "index")]


def row(name, side, wanted):
    end = (f"≥ 5 ×: {said(ratio_of(side) >= 5)}; ≤ 20 MB: {said(side['extra_rss_mb'] <= 20)}"
           if wanted else "–")
    return [f"{name}, {side['bytes'] / 1e6:.1f} MB, {side['versions']:,} versions",
            f"{side['cpu_seconds']:.2f}", f"{side['helm_cpu_seconds']:.2f}",
            f"{ratio_of(side):.1f} × faster", f"{side['extra_rss_mb']:.1f}",
            f"{side['helm_extra_rss_mb']:.0f}", end]


def section(f):
    same = f["unchanged"]
    return """## Reading a chart repository's index
From a file, on one core; the peer is Helm's own loader (`repo.LoadIndexFile`), which has the same charts and versions. MB is what the peak of resident memory grows by.

""" + table(["index", "CPU seconds", "Helm's", "ratio", "MB", "Helm's", "goal"],
            [row("YAML", f["yaml"], True), row("JSON", f["json"], False)]) + f"""
A scan whose index is unchanged (304) costs {same['cpu_ms']:.2f} ms of CPU, all of the process' over {same['scans']} such scans (≤ 1 ms: {said(same['cpu_ms'] <= 1)}).
"""
