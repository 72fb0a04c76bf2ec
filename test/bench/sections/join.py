"""Joining releases with repositories."""

import json

from goals import said, table
from measuring import BINARIES, CLIENT_CORE, RUNS, alternate, output

RELEASES, CHARTS, VERSIONS = 20_000, 200, 100
FEW = VERSIONS // 10


def measure(bench):
    sides = {name: lambda versions=versions: json.loads(output(
        BINARIES / "bench_join", RELEASES, CHARTS, versions, core=CLIENT_CORE))
        for name, versions in (("versions", VERSIONS), ("few", FEW))}
    return alternate(sides, RUNS, bench.progress)


def goals(_figures):
    return []


def section(f):
    def row(name, key, unit, wanted=None):
        ours, few = f["versions"][key], f["few"][key]
        return [name, f"{ours:.1f} {unit}", f"{few:.1f} {unit}",
                f"≤ {wanted} {unit}: {said(ours <= wanted)}" if wanted else "–"]
    return f"""## Joining {RELEASES:,} releases with repositories
A repository of {CHARTS} charts. CPU from the index, or the release, in memory to the last match that changed; in the last row, to the whole text of the scrape that follows.

""" + table(["what", f"{VERSIONS} versions a chart", f"{FEW} versions a chart", "goal"], [
        row("a scan that changes one chart", "scan_one_ms", "ms", 50),
        row("a scan that changes every match", "scan_all_ms", "ms", 50),
        row("one release changes", "release_us", "µs", 50),
        row("the scrape after a scan that changes every match", "scrape_ms", "ms")])
