"""G9–G12: scraping 180,000 series, what they weigh, and dropping a release, beside prometheus-cpp and
client_golang."""

from goals import Goal, said, table, times
from measuring import BINARIES, CLIENT_CORE, PEER, RUNS, Commanded, alternate, median, output

RELEASES, SERIES = 15_000, 180_000  # 12 each
DROP_RELEASES, DROP_SERIES = 20_000, 12
DROPS = 100
SERVERS = {"ours": [BINARIES / "bench_scrape"], "cpp": [BINARIES / "bench_scrape_prometheus"],
           "go": [PEER, "registry"]}
NAMES = {"cpp": "prometheus-cpp", "go": "client_golang"}


def scrape(server, packed):
    """Wall and the server's CPU in milliseconds."""
    flags = ["-H", "Accept-Encoding: gzip"] if packed else []
    before = server.cpu_seconds()
    told = output("curl", "-s", *flags, "-o", "/dev/null", "-w",
                  "%{time_total} %{size_download} %{http_code}", f"http://{server.address}/metrics",
                  core=CLIENT_CORE)
    seconds, size, code = told.split()
    assert code == "200" and int(size) > 100_000, told
    return {"wall": float(seconds) * 1000, "cpu": (server.cpu_seconds() - before) * 1000,
            "bytes": int(size)}


def scrape_after(server, packed, changed):
    scrape(server, packed)  # nothing is left to render from the case before
    if changed:
        assert server.ask(f"change {changed}") == "ok"
    return scrape(server, packed)


def weigh(command, packed_too):
    """Resident bytes a series, over what the empty server has."""
    resident = []
    for releases in (0, RELEASES):
        server = Commanded(*command, releases)
        try:
            if releases:
                scrape(server, False)
                if packed_too:
                    scrape(server, True)
            resident.append(server.rss_mb())
        finally:
            server.stop()
    return (resident[1] - resident[0]) * 2**20 / SERIES


def drop_costs(command):
    """Microseconds of CPU: one release, and the scrape's text after it where it can be told."""
    server = Commanded(*command, DROP_RELEASES)
    try:
        taken = [[float(word) for word in server.ask("drop").split()] for _ in range(DROPS)]
        return [median(each) for each in zip(*taken)]
    finally:
        server.stop()


def measure(bench):
    servers = {name: Commanded(*command, RELEASES) for name, command in SERVERS.items()}
    ours = servers["ours"]
    cases = {}
    for name, server in servers.items():
        for packed in (False, True):
            cases[f"{name}_{'gzip' if packed else 'plain'}"] = (server, packed, 0)
    for what, changed in (("one", 1), ("many", RELEASES // 20)):
        cases[f"plain_{what}"] = (ours, False, changed)
        cases[f"gzip_{what}"] = (ours, True, changed)
    try:
        scrape(ours, False), scrape(ours, True)
        taken = alternate({name: lambda case=case: scrape_after(*case)
                           for name, case in cases.items()}, RUNS, bench.progress)
    finally:
        for server in servers.values():
            server.stop()
    bench.progress("memory a series")
    weights = {name: weigh(command, name == "ours") for name, command in SERVERS.items()}
    bench.progress("dropping releases")
    return {**taken, "bytes_a_series": weights,
            "drop_us": {name: drop_costs(command) for name, command in SERVERS.items()}}


# Shown name, key, limit of CPU milliseconds, goal.
ROWS = [("plain, nothing changed", "ours_plain", 10, "G9a"),
        ("gzip, nothing changed", "ours_gzip", 2, "G9b"),
        ("plain, 1 release changed", "plain_one", 12, "G10a"),
        ("gzip, 1 release changed", "gzip_one", 5, "G10b"),
        ("plain, 5 % changed at random", "plain_many", 25, "G10c"),
        ("gzip, 5 % changed at random", "gzip_many", 150, "G10d")]


def peers_of(f, key):
    """{peer: its milliseconds of CPU} for the rows that have peers."""
    return {name: f[key.replace("ours", name)]["cpu"] for name in NAMES if key.startswith("ours")}


def goals(f):
    out = []
    for name, key, wanted, goal in ROWS:
        cpu, peers = f[key]["cpu"], peers_of(f, key)
        out.append(Goal(
            goal, f"scrape of 180,000 series, {name}; ≤ {wanted} ms", f"{cpu:.1f} ms of CPU",
            ", ".join(f"{NAMES[peer]} {value:,.0f}" for peer, value in peers.items()) or "–",
            ", ".join(times(cpu, value) for value in peers.values()) or "–", cpu <= wanted,
            "scrape"))
    weight, drop = f["bytes_a_series"], f["drop_us"]
    out.append(Goal("G11", "memory a series, text and gzip; ≤ 300 B", f"{weight['ours']:.0f} B",
                    ", ".join(f"{NAMES[peer]} {weight[peer]:,.0f} B" for peer in NAMES),
                    ", ".join(times(weight["ours"], weight[peer], 1) for peer in NAMES),
                    weight["ours"] <= 300, "scrape"))
    out.append(Goal("G12", "drop one release among 20,000; ≤ 20 µs", f"{drop['ours'][0]:.1f} µs",
                    ", ".join(f"{NAMES[peer]} {drop[peer][0]:,.0f} µs" for peer in NAMES),
                    ", ".join(times(drop["ours"][0], drop[peer][0]) for peer in NAMES),
                    drop["ours"][0] <= 20, "scrape"))
    return out


def scrape_row(f, name, key, wanted):
    ours, peers = f[key], peers_of(f, key)
    return [name, f"{ours['wall']:.1f}", f"{ours['cpu']:.1f}",
            *([f"{value:.0f}" for value in peers.values()] or ["–", "–"]),
            ", ".join(times(ours["cpu"], value) for value in peers.values()) or "–",
            f"≤ {wanted} ms CPU: {said(ours['cpu'] <= wanted)}"]


def other_rows(f):
    weight, drop = f["bytes_a_series"], f["drop_us"]
    return [["resident bytes a series, text and gzip kept", f"{weight['ours']:.0f} B",
             f"{weight['cpp']:,.0f} B", f"{weight['go']:,.0f} B",
             f"≤ 300 B: {said(weight['ours'] <= 300)}"],
            [f"drop one release among {DROP_RELEASES:,}", f"{drop['ours'][0]:.1f} µs",
             f"{drop['cpp'][0]:,.0f} µs", f"{drop['go'][0]:,.0f} µs",
             f"≤ 20 µs: {said(drop['ours'][0] <= 20)}"],
            ["the text after that, until a scrape has it", f"{drop['ours'][1]:,.0f} µs",
             "all of it anew", "all of it anew", "–"]]


def section(f):
    return f"""## Scraping {SERIES:,} series
Over loopback by curl, {f['ours_plain']['bytes'] / 1e6:.1f} MB plain, {f['ours_gzip']['bytes'] / 1e6:.1f} MB gzip; CPU is the server process', all threads. The peers hold the same series:
prometheus-cpp's registry with its Exposer, client_golang's with promhttp.

""" + table(["scrape", "ms wall", "ms CPU", "prometheus-cpp ms CPU", "client_golang ms CPU", "ratios",
             "goal"], [scrape_row(f, name, key, wanted) for name, key, wanted, _ in ROWS]) + f"""
Memory is what {RELEASES:,} releases add to the empty server. A release of {DROP_SERIES} series is dropped as a deletion in a watch does it; the peers' series are removed one by one from their families.

""" + table(["what", "helm-lookout", "prometheus-cpp", "client_golang", "goal"], other_rows(f))
