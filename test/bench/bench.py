"""Measures helm-lookout beside its peers and writes docs/benchmarks.md.

bench.py SERVER_BINARIES CHARTS [decode|index|scrape|join|start|sizing ...]: sides alternate, medians of RUNS.
Figures of sections that are not chosen stay as they were (build/bench/figures.json).
"""

import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "test/e2e"))
import cluster_sizes  # noqa: E402
import unchanged  # noqa: E402
from cluster import Cluster, free_ports  # noqa: E402

PEER = ROOT / "build/bench/peer"
BINARIES = ROOT / "build/release/test/bench"
LOOKOUT = ROOT / "build/release/src/helm-lookout"
SANDBOX = ROOT / "build/release/test/fakes/helm-lookout-sandbox"
RUNS = 7
DECODE_SECONDS = 0.5
SCRAPE_RELEASES = 15_000  # of 12 series each
JOIN_RELEASES, JOIN_CHARTS, JOIN_VERSIONS = 20_000, 200, 100
START_RELEASES, START_REVISIONS = 1000, 10
START_RUNS = 5
DECODE_TARGET_BYTES = 52_000


def output(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True,
                          text=True).stdout


def progress(text):
    if sys.stderr.isatty():
        print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)


def median(values):
    return statistics.median(values)


# --- decode ---

def payload_near(charts, folder):
    """The chart whose payload is nearest to the size goals speak of."""
    best = None
    for chart in sorted(charts.glob("*.tgz")):
        done = subprocess.run([PEER, "payload", chart], capture_output=True)
        gzip_bytes = len(done.stdout) * 3 // 4
        distance = abs(gzip_bytes - DECODE_TARGET_BYTES)
        if done.returncode == 0 and (best is None or distance < best[0]):
            best = (distance, chart.name, gzip_bytes, done.stdout)
    (folder / "payload").write_bytes(best[3])
    return best[1], best[2]


def measure_decode(charts, folder, _servers):
    chart, gzip_bytes = payload_near(charts, folder)
    sides = {
        "stop": [BINARIES / "bench_decode", "stop", folder / "payload", DECODE_SECONDS],
        "verify": [BINARIES / "bench_decode", "verify", folder / "payload", DECODE_SECONDS],
        "go": [PEER, "decode", folder / "payload", DECODE_SECONDS],
    }
    taken = {name: [] for name in sides}
    for run in range(RUNS):
        progress(f"decode {run + 1}/{RUNS}")
        for name, command in sides.items():
            taken[name].append(float(output("taskset", "-c", "1", *command)) / 1000)
    return {"chart": chart, "gzip_bytes": gzip_bytes,
            **{name: median(values) for name, values in taken.items()}}


# --- index ---

def measure_index(charts, folder, _servers):
    indexes = {"yaml": "merged-all.yaml", "json": "merged-12MB-json-body.yaml"}
    taken = {name: [] for name in indexes}
    for run in range(RUNS):
        for name, file in indexes.items():
            progress(f"index {run + 1}/{RUNS}: {name}")
            path = charts.parent / "index" / file
            ours, helm = (json.loads(output("taskset", "-c", "1", *command, path))
                          for command in ([BINARIES / "bench_index"], [PEER, "index"]))
            assert (ours["charts"], ours["versions"]) == (helm["charts"], helm["versions"]), file
            taken[name].append({**ours, "bytes": path.stat().st_size,
                                **{f"helm_{key}": value for key, value in helm.items()}})
    progress("index: unchanged")
    same = unchanged.measure(LOOKOUT, charts.parent / "index" / indexes["json"], folder,
                             free_ports(2))
    return {**{name: {key: median([one[key] for one in runs]) for key in runs[0]}
               for name, runs in taken.items()}, "unchanged": same}


# --- scrape ---

class Served:
    """A scrape server as a child; scrape() gives wall and server CPU in milliseconds."""

    def __init__(self, name):
        self.process = subprocess.Popen(
            ["taskset", "-c", "0", BINARIES / name, str(SCRAPE_RELEASES)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()

    def change(self, count):
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "ok\n"

    def cpu_ms(self):
        total = 0
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total / 1e6

    def scrape(self, packed):
        flags = ["-H", "Accept-Encoding: gzip"] if packed else []
        before = self.cpu_ms()
        told = output("taskset", "-c", "1", "curl", "-s", *flags, "-o", "/dev/null", "-w",
                      "%{time_total} %{size_download} %{http_code}", f"http://{self.address}/metrics")
        seconds, size, code = told.split()
        assert code == "200" and int(size) > 100_000, told
        return {"wall": float(seconds) * 1000, "cpu": self.cpu_ms() - before, "bytes": int(size)}

    def rss_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


def measure_scrape(_charts, _folder, _servers):
    ours, peer = Served("bench_scrape"), Served("bench_scrape_prometheus")
    cases = [("plain", ours, False, 0), ("gzip", ours, True, 0),
             ("peer_plain", peer, False, 0), ("peer_gzip", peer, True, 0),
             ("plain_one", ours, False, 1), ("gzip_one", ours, True, 1),
             ("plain_many", ours, False, SCRAPE_RELEASES // 20),
             ("gzip_many", ours, True, SCRAPE_RELEASES // 20)]
    ours.scrape(False), ours.scrape(True), peer.scrape(False)
    taken = {name: [] for name, *_ in cases}
    for run in range(RUNS):
        progress(f"scrape {run + 1}/{RUNS}")
        for name, server, packed, changed in cases:
            server.scrape(packed)  # nothing is left to render from the case before
            if changed:
                server.change(changed)
            taken[name].append(server.scrape(packed))
    out = {name: {key: median([one[key] for one in runs]) for key in runs[0]}
           for name, runs in taken.items()}
    out["rss_mb"], out["peer_rss_mb"] = ours.rss_mb(), peer.rss_mb()
    ours.stop(), peer.stop()
    return out


# --- join ---

def measure_join(_charts, _folder, _servers):
    sizes = {"versions": (JOIN_RELEASES, JOIN_CHARTS, JOIN_VERSIONS),
             "few": (JOIN_RELEASES, JOIN_CHARTS, JOIN_VERSIONS // 10)}
    taken = {name: [] for name in sizes}
    for run in range(RUNS):
        progress(f"join {run + 1}/{RUNS}")
        for name, size in sizes.items():
            taken[name].append(json.loads(output("taskset", "-c", "1", BINARIES / "bench_join",
                                                 *map(str, size))))
    return {name: {key: median([one[key] for one in runs]) for key in runs[0]}
            for name, runs in taken.items()}


# --- start ---

def start_lookout(kubeconfig):
    """Wall until ready (each payload read), CPU until then, peak RSS."""
    metrics, health = free_ports(2)
    began = time.monotonic()
    process = subprocess.Popen(
        ["taskset", "-c", "1", LOOKOUT, "--kubeconfig", kubeconfig, "--log-level", "error",
         "--metrics-bind-address", f"127.0.0.1:{metrics}",
         "--health-probe-bind-address", f"127.0.0.1:{health}"])
    try:
        while subprocess.run(["curl", "-fs", "-o", "/dev/null", f"http://127.0.0.1:{health}/readyz"]
                             ).returncode != 0:
            assert process.poll() is None and time.monotonic() - began < 120
        seconds = time.monotonic() - began
        fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        series = output("curl", "-s", f"http://127.0.0.1:{metrics}/metrics").count(
            "\nhelm_release_info{")
        assert series == START_RELEASES, series
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
        return {"seconds": seconds, "cpu_seconds": cpu, "peak_rss_mb": peak}
    finally:
        process.terminate()
        process.wait(10)


def measure_start(charts, folder, servers):
    cluster = Cluster(servers, folder)
    try:
        cluster.start()
        progress("seeding the API server")
        seeded = json.loads(output(PEER, "seed", cluster.kubeconfig, charts, START_RELEASES,
                                   START_REVISIONS))
        sides = {
            "ours": lambda: start_lookout(cluster.kubeconfig),
            "metadata": lambda: json.loads(output("taskset", "-c", "1", PEER, "informer",
                                                  "metadata", cluster.kubeconfig)),
            "typed": lambda: json.loads(output("taskset", "-c", "1", PEER, "informer", "typed",
                                               cluster.kubeconfig)),
        }
        taken = {name: [] for name in sides}
        for side in sides.values():
            side()  # the server's heap has grown once for everyone
        for run in range(START_RUNS):
            for name, side in sides.items():
                progress(f"start {run + 1}/{START_RUNS}: {name}")
                taken[name].append(side())
        return {**seeded, **{name: {key: median([one[key] for one in runs]) for key in
                                    ("seconds", "cpu_seconds", "peak_rss_mb")}
                             for name, runs in taken.items()}}
    finally:
        cluster.stop()


# --- sizing ---

def measure_sizing(_charts, folder, _servers):
    return cluster_sizes.measure(LOOKOUT, SANDBOX, folder, progress)


# --- the document ---

def goal(met):
    return "met" if met else "not met"


def decode_section(f):
    ratio, verify = f["go"] / f["stop"], f["go"] / f["verify"]
    return f"""## Decoding one release
`{f['chart']}` as Helm stores it: {f['gzip_bytes']:,} bytes of gzip. The peer is Go's own way, as in Helm: base64, gunzip, `json.Unmarshal` into Helm's struct.

| what | µs | Go µs | ratio | goal |
|---|---|---|---|---|
| stop (default): the facts we publish | {f['stop']:.1f} | {f['go']:.0f} | {ratio:.0f} × faster | ≥ 50 ×: {goal(ratio >= 50)} |
| verify: everything, CRC checked | {f['verify']:.0f} | {f['go']:.0f} | {verify:.2f} × | ≥ 0.7 ×: {goal(verify >= 0.7)} |
"""


def index_section(f):
    def row(name, side, wanted):
        ratio = side["helm_cpu_seconds"] / side["cpu_seconds"]
        end = (f"≥ 5 ×: {goal(ratio >= 5)}; ≤ 20 MB: {goal(side['extra_rss_mb'] <= 20)}"
               if wanted else "–")
        return (f"| {name}, {side['bytes'] / 1e6:.1f} MB, {side['versions']:,} versions | "
                f"{side['cpu_seconds']:.2f} | {side['helm_cpu_seconds']:.2f} | {ratio:.1f} × faster | "
                f"{side['extra_rss_mb']:.1f} | {side['helm_extra_rss_mb']:.0f} | {end} |\n")
    return """## Reading a chart repository's index
From a file, on one core; the peer is Helm's own loader (`repo.LoadIndexFile`), which has the same charts and versions. MB is what the peak of resident memory grows by.

| index | CPU seconds | Helm's | ratio | MB | Helm's | goal |
|---|---|---|---|---|---|---|
""" + row("YAML", f["yaml"], True) + row("JSON", f["json"], False) + f"""
A scan whose index is unchanged (304) costs {f['unchanged']['cpu_ms']:.2f} ms of CPU, all of the process' over {f['unchanged']['scans']} such scans (≤ 1 ms: {goal(f['unchanged']['cpu_ms'] <= 1)}).
"""


def scrape_section(f):
    def row(name, ours, wanted, peer=None):
        if peer:
            return (f"| {name} | {ours['wall']:.1f} | {ours['cpu']:.1f} | {peer['wall']:.0f} | "
                    f"{peer['cpu']:.0f} | {peer['cpu'] / max(ours['cpu'], 0.01):.0f} × | "
                    f"≤ {wanted} ms CPU: {goal(ours['cpu'] <= wanted)} |\n")
        return (f"| {name} | {ours['wall']:.1f} | {ours['cpu']:.1f} | – | – | – | "
                f"≤ {wanted} ms CPU: {goal(ours['cpu'] <= wanted)} |\n")
    return f"""## Scraping {SCRAPE_RELEASES * 12:,} series
Over loopback by curl, {f['plain']['bytes'] / 1e6:.1f} MB plain, {f['gzip']['bytes'] / 1e6:.1f} MB gzip; CPU is the server process', all threads. The peer is
prometheus-cpp's registry with its Exposer, holding the same series. Resident memory: {f['rss_mb']:.0f} MB with cache, text and gzip; the peer's {f['peer_rss_mb']:.0f} MB.

| scrape | ms wall | ms CPU | peer ms wall | peer ms CPU | ratio of CPU | goal |
|---|---|---|---|---|---|---|
""" + row("plain, nothing changed", f["plain"], 10, f["peer_plain"]) \
    + row("gzip, nothing changed", f["gzip"], 2, f["peer_gzip"]) \
    + row("plain, 1 release changed", f["plain_one"], 12) \
    + row("gzip, 1 release changed", f["gzip_one"], 5) \
    + row("plain, 5 % changed at random", f["plain_many"], 25) \
    + row("gzip, 5 % changed at random", f["gzip_many"], 150)


def join_section(f):
    def row(name, key, unit, wanted=None):
        ours, few = f["versions"][key], f["few"][key]
        end = f"≤ {wanted} {unit}: {goal(ours <= wanted)}" if wanted else "–"
        return f"| {name} | {ours:.1f} {unit} | {few:.1f} {unit} | {end} |\n"
    return f"""## Joining {JOIN_RELEASES:,} releases with repositories
A repository of {JOIN_CHARTS} charts. CPU from the index, or the release, in memory to the last match that changed; in the last row, to the whole text of the scrape that follows.

| what | {JOIN_VERSIONS} versions a chart | {JOIN_VERSIONS // 10} versions a chart | goal |
|---|---|---|---|
""" + row("a scan that changes one chart", "scan_one_ms", "ms", 50) \
    + row("a scan that changes every match", "scan_all_ms", "ms", 50) \
    + row("one release changes", "release_us", "µs", 50) \
    + row("the scrape after a scan that changes every match", "scrape_ms", "ms")


def start_section(f):
    def row(name, side):
        return (f"| {name} | {side['seconds']:.2f} | {side['cpu_seconds']:.2f} | "
                f"{side['peak_rss_mb']:.0f} |\n")
    ours = f["ours"]
    return f"""## From start to right metrics: {START_RELEASES:,} releases × {START_REVISIONS} revisions
Payloads of {f['charts']} real charts, {f['mean_payload_bytes'] / 1000:.0f} KB in the mean, on a real API server with etcd; server on core 0 and 1, client on core 1. Ours ends when
`/readyz` is 200, that is with every current payload decoded; client-go's informers end when they have synced, with nothing decoded.

| what | seconds | CPU seconds | peak RSS MB |
|---|---|---|---|
""" + row("**helm-lookout, all payloads decoded**", ours) \
    + row("client-go metadata informer, nothing decoded", f["metadata"]) \
    + row("client-go informer of Secrets, nothing decoded", f["typed"]) + f"""
Goals: ≤ 24 MB ({goal(ours['peak_rss_mb'] <= 24)}), ≤ 1.2 s ({goal(ours['seconds'] <= 1.2)}), ≤ 0.45 s of CPU ({goal(ours['cpu_seconds'] <= 0.45)}). Against the informer of whole Secrets: {f['typed']['peak_rss_mb'] / ours['peak_rss_mb']:.0f} × less memory, {f['typed']['cpu_seconds'] / ours['cpu_seconds']:.0f} × less CPU.
"""


SECTIONS = {"decode": (measure_decode, decode_section), "index": (measure_index, index_section),
            "scrape": (measure_scrape, scrape_section),
            "join": (measure_join, join_section), "start": (measure_start, start_section),
            "sizing": (measure_sizing, cluster_sizes.section)}


def main():
    servers, charts = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    chosen = sys.argv[3:] or list(SECTIONS)
    store = ROOT / "build/bench/figures.json"
    figures = json.loads(store.read_text()) if store.exists() else {}
    for name in chosen:
        with tempfile.TemporaryDirectory(prefix="lookout-bench-") as folder:
            figures[name] = SECTIONS[name][0](charts, pathlib.Path(folder), servers)
        store.write_text(json.dumps(figures, indent=2))
    go = output("go", "version").split()[2].removeprefix("go")
    head = f"""# Benchmarks
Written by `make bench`; every figure stands beside its peer's from the same run, medians of {RUNS} (start: {START_RUNS}) alternating runs on {os.cpu_count()} cores ({platform.machine()}), Go {go}.
Take the ratios, not the absolutes. Goals that are not met stay in the tables.

"""
    (ROOT / "docs/benchmarks.md").write_text(
        head + "\n".join(section(figures[name]) for name, (_, section) in SECTIONS.items()
                         if name in figures))
    progress("")
    print((ROOT / "docs/benchmarks.md").read_text())


if __name__ == "__main__":
    main()
