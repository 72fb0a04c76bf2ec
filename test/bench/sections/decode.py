"""G7, G8: decoding one release, beside Go's own way."""

import subprocess

from goals import Goal, said, table
from measuring import BINARIES, CLIENT_CORE, PEER, RUNS, alternate, output

SECONDS = 0.5
TARGET_BYTES = 52_000


def payload_near(charts, folder):
    """The chart whose payload is nearest to the size goals speak of; the payload is left in FOLDER."""
    best = None
    for chart in sorted(charts.glob("*.tgz")):
        done = subprocess.run([PEER, "payload", chart], capture_output=True)
        gzip_bytes = len(done.stdout) * 3 // 4
        distance = abs(gzip_bytes - TARGET_BYTES)
        if done.returncode == 0 and (best is None or distance < best[0]):
            best = (distance, chart.name, gzip_bytes, done.stdout)
    (folder / "payload").write_bytes(best[3])
    return best[1], best[2]


def measure(bench):
    chart, gzip_bytes = payload_near(bench.charts, bench.folder)
    commands = {
        "stop": [BINARIES / "bench_decode", "stop"],
        "verify": [BINARIES / "bench_decode", "verify"],
        "go": [PEER, "decode"],
    }

    def side(command):
        return lambda: {"us": float(output(*command, bench.folder / "payload", SECONDS,
                                           core=CLIENT_CORE)) / 1000}
    taken = alternate({name: side(command) for name, command in commands.items()}, RUNS,
                      bench.progress)
    return {"chart": chart, "gzip_bytes": gzip_bytes,
            **{name: value["us"] for name, value in taken.items()}}


def goals(f):
    stop, verify = f["go"] / f["stop"], f["go"] / f["verify"]
    return [Goal("G7", "decode one release of 52 KB, early stop; ≥ 50 ×", f"{f['stop']:.1f} µs",
                 f"Go {f['go']:,.0f} µs", f"{stop:.0f} ×", stop >= 50, "decode"),
            Goal("G8", "decode, verify mode; ≥ 0.7 ×", f"{f['verify']:,.0f} µs",
                 f"Go {f['go']:,.0f} µs", f"{verify:.2f} ×", verify >= 0.7, "decode")]


def section(f):
    ratio, verify = f["go"] / f["stop"], f["go"] / f["verify"]
    return f"""## Decoding one release
`{f['chart']}` as Helm stores it: {f['gzip_bytes']:,} bytes of gzip. The peer is Go's own way, as in Helm: base64, gunzip, `json.Unmarshal` into Helm's struct.

""" + table(["what", "µs", "Go µs", "ratio", "goal"], [
        ["stop (default): the facts we publish", f"{f['stop']:.1f}", f"{f['go']:.0f}",
         f"{ratio:.0f} × faster", f"≥ 50 ×: {said(ratio >= 50)}"],
        ["verify: everything, CRC checked", f"{f['verify']:.0f}", f"{f['go']:.0f}",
         f"{verify:.2f} ×", f"≥ 0.7 ×: {said(verify >= 0.7)}"]])
