"""Repositories on the web: nginx in every mood, judged by Helm itself and by nginx' own log."""

import gzip
import os
import shutil

from cases_s3 import SMALL_COUNTS, assert_small
from charts import ages, corpus_repositories, seconds, shown_by_helm
from cluster import wait_for
from http_servers import HEADER, PASSWORD, TOKEN, USER
from runner import Skipped
from scanning import charts, count, errors, latest, rows, scans, value
from servers import Authority, write_htpasswd


def seen(bed, path, port=None):
    """nginx' log lines of a path, on one port or on any."""
    return [request for request in bed.nginx.requests()
            if request.target.startswith(f"/{path}") and port in (None, int(request.port))]


def test_http_plain_and_authorized(bed):
    password = bed.write("basic-password", PASSWORD + "\n")
    token = bed.write("bearer-token", TOKEN)
    header = bed.write("header-value", HEADER)
    scan = bed.scan(
        bed.http_repository("plain", "small"),
        bed.http_repository("slash", "small/"),
        bed.http_repository("named", "small/index.yaml"),
        bed.http_repository("basic", "basic/small",
                            auth={"username": USER, "passwordFile": str(password)}),
        bed.http_repository("basic-env", "basic/small",
                            auth={"usernameEnv": "CHARTS_USER", "passwordEnv": "CHARTS_PASSWORD"}),
        bed.http_repository("bearer", "bearer/small", auth={"bearerTokenFile": str(token)}),
        bed.http_repository("header", "header/small", auth={"headers": [
            {"name": "X-Api-Key", "valueFile": str(header)}]}),
        environment={"CHARTS_USER": USER, "CHARTS_PASSWORD": PASSWORD})
    names = ("plain", "slash", "named", "basic", "basic-env", "bearer", "header")
    samples = scan.wait_up(*names)
    assert_small(samples, *names)
    assert all(errors(samples, name) == {} for name in names)
    scan.stop()


def test_http_failures_name_their_reason(bed):
    (bed.nginx.root / "odd").mkdir(exist_ok=True)
    for name, text in (("no-version", "entries: {}\n"), ("text", "hello\n"),
                       ("list", "- a\n- b\n"), ("cut", "apiVersion: v1\nentries:\n  a: [{name: ")):
        folder = bed.nginx.root / "odd" / name
        folder.mkdir(exist_ok=True)
        (folder / "index.yaml").write_text(text)
    failing = {
        "unauthorized": ("basic/small", {"unauthorized"}), "forbidden": ("denied", {"forbidden"}),
        "missing": ("nothing", {"not_found"}), "throttled": ("busy", {"throttled"}),
        "broken": ("broken", {"http_status"}), "empty": ("empty", {"empty"}),
        "login": ("login", {"not_an_index"}), "round": ("round", {"redirect"}),
        "metadata": ("metadata", {"redirect"}),
        "no-version": ("odd/no-version", {"not_an_index", "malformed"}),
        "text": ("odd/text", {"not_an_index", "malformed"}),
        "list": ("odd/list", {"not_an_index", "malformed"}), "cut": ("odd/cut", {"malformed"}),
    }
    scan = bed.scan(bed.http_repository("good", "small"),
                    *(bed.http_repository(name, path) for name, (path, _) in failing.items()))
    assert_small(scan.wait_up("good"), "good")
    samples = scan.wait_up(*failing, up=0)
    told = {name: set(errors(samples, name)) for name in failing}
    assert all(len(told[name]) == 1 and told[name] <= wanted
               for name, (_, wanted) in failing.items()), told
    assert all(charts(samples, name) == {} for name in failing)
    scan.stop()


def test_http_bodies_without_end_stay_bounded(bed):
    folder = bed.nginx.root / "huge"
    folder.mkdir(exist_ok=True)
    entry = b"  - {name: app, version: 1.0.0, urls: [a.tgz], description: " + b"x" * 500 + b"}\n"
    with open(folder / "index.yaml", "wb") as index:
        index.write(b"apiVersion: v1\nentries:\n  app:\n")
        for _ in range(400):
            index.write(entry * 500)  # 115 MB in all
    with gzip.open(folder / "index.json", "wb", 9) as bomb:
        bomb.write(b'{"apiVersion": "v1", "entries": {"app": [' + b" " * (500 << 20) + b"]}}")
    (folder / "aliases.yaml").write_text(
        "apiVersion: v1\na0: &a0 [x, x]\n" + "".join(
            f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10))
        + "entries: {app: *a9}\n")
    scan = bed.scan(
        bed.http_repository("good", "small"), bed.http_repository("long", "huge"),
        bed.http_repository("bomb", "bomb/index.json"),
        bed.http_repository("aliases", "huge/aliases.yaml"))
    samples = scan.wait_up("good")
    small = scan.peak_rss_mb()
    samples = scan.wait_up("long", "bomb", "aliases", up=0, seconds=60)
    told = {name: set(errors(samples, name)) for name in ("long", "bomb", "aliases")}
    assert told["long"] == told["bomb"] == {"too_large"}, told
    assert told["aliases"] <= {"aliases", "malformed"}, told
    assert_small(samples, "good")
    assert scan.peak_rss_mb() < small + 100, (small, scan.peak_rss_mb())
    scan.stop()


def test_http_errors_are_all_there_at_zero(bed):
    scan = bed.scan(bed.http_repository("fresh", "small"))
    samples = scan.wait_up("fresh")
    types = {labels["error_type"] for labels, _ in
             rows(samples, "helm_repository_sync_errors_total", repository="fresh")}
    assert types == set("dns connect tls timeout unauthorized forbidden not_found throttled "
                        "redirect http_status signature region clock_skew credentials too_large "
                        "empty not_an_index malformed aliases".split()), types
    assert {labels["status"] for labels, _ in
            rows(samples, "helm_repository_sync_total", repository="fresh")} == \
        {"success", "unchanged", "error"}
    assert value(samples, "helm_repository_info", repository="fresh", type="http",
                 url=bed.nginx.url("small")) == 1, rows(samples, "helm_repository_info")
    scan.stop()


def test_http_redirects_keep_credentials_at_home(bed):
    password = bed.write("basic-password", PASSWORD)
    header = bed.write("header-value", HEADER)
    auth = {"username": USER, "passwordFile": str(password),
            "headers": [{"name": "X-Api-Key", "valueFile": str(header)}]}
    scan = bed.scan(bed.http_repository("moved", "moved/basic/small", auth=auth),
                    bed.http_repository("away", "away/small", auth=auth))
    assert_small(scan.wait_up("moved", "away"), "moved", "away")
    # To another path of the same origin they go along; to another origin never.
    there = seen(bed, "small/", port=bed.nginx.other)
    assert there and all(request.authorization == request.api_key == request.cookie == "-"
                         for request in there), there
    assert any(request.authorization != "-" and request.api_key == HEADER
               for request in seen(bed, "away/"))
    assert any(request.status == "200" and request.authorization != "-"
               for request in seen(bed, "basic/small"))
    scan.stop()


def test_http_unchanged_index_costs_a_304(bed):
    scan = bed.scan(bed.http_repository("still", "small?kept"))
    scan.wait_up("still")
    wait_for("unchanged scans", lambda: count(scan.samples(), "still", "unchanged") >= 2)
    samples = scan.samples()
    assert count(samples, "still", "success") == 1
    assert_small(samples, "still")
    told = seen(bed, "small/index.yaml?kept")
    assert told[0].status == "200" and {request.status for request in told[1:]} == {"304"}, told
    assert all(request.if_none_match != "-" for request in told[1:])
    scan.stop()


def test_http_replaced_index_is_followed_within_one_scan(bed):
    served, made = bed.nginx.root / "moving", bed.folder / "moving"
    served.mkdir()

    def publish(held):
        index = bed.helm.repository(made, held)  # Helm writes in place: made aside, then moved
        shutil.copy(index, served / "index.next").replace(served / "index.yaml")
    publish({"app": ["1.0.0"]})
    scan = bed.scan(bed.http_repository("moving", "moving"))
    scan.wait_value(1, "helm_repository_chart_versions", repository="moving", chart="app")
    publish({"app": ["1.1.0"], "web": ["0.1.0"]})
    wait_for("the next success", lambda: count(scan.samples(), "moving", "success") >= 2)
    assert charts(scan.samples(), "moving") == {"app": 2, "web": 1}
    scan.stop()


def test_http_gzip(bed):
    scan = bed.scan(bed.http_repository("packed", "packed/small"))
    samples = scan.wait_up("packed")
    assert_small(samples, "packed")
    plain = (bed.nginx.root / "small" / "index.yaml").stat().st_size
    fetched = value(samples, "helm_repository_index_bytes", repository="packed")
    assert 0 < fetched < plain, (fetched, plain)
    # nginx gives a compressed answer a weak validator; it must serve as well as a strong one.
    wait_for("unchanged scans", lambda: count(scan.samples(), "packed", "unchanged") >= 1)
    scan.stop()


def test_http_tls_and_client_certificates(bed):
    authority, client = str(bed.authority.certificate), bed.authority.issue("client")
    stranger = Authority(bed.folder / "stranger").issue("stranger")
    def over_tls(name, port, host="127.0.0.1", **tls):
        return {"name": name, "type": "http", "interval": "1s", "tls": tls,
                "url": bed.nginx.url("small", "https", port, host)}
    def certified(pair):
        return {"caFile": authority, "certFile": str(pair[0]), "keyFile": str(pair[1])}
    tls, mutual = bed.nginx.tls, bed.nginx.mutual
    scan = bed.scan(
        over_tls("trusted", tls, caFile=authority),
        over_tls("by-name", tls, host="localhost", caFile=authority),
        over_tls("careless", tls, insecureSkipVerify=True),
        over_tls("mutual", mutual, **certified(client)),
        over_tls("server-name", tls, caFile=authority, serverName="localhost"),
        over_tls("untrusted", tls), over_tls("other-name", tls, caFile=authority,
                                             serverName="charts.example.org"),
        over_tls("no-certificate", mutual, caFile=authority),
        over_tls("wrong-certificate", mutual, **certified(stranger)),
        over_tls("not-tls", bed.nginx.plain, caFile=authority))
    good = ("trusted", "by-name", "careless", "mutual", "server-name")
    assert_small(scan.wait_up(*good), *good)
    samples = scan.wait_up("untrusted", "other-name", "no-certificate", "wrong-certificate",
                           "not-tls", up=0)
    for name in ("untrusted", "other-name", "not-tls"):
        assert set(errors(samples, name)) == {"tls"}, (name, errors(samples, name))
    # nginx completes the handshake and then answers 400.
    for name in ("no-certificate", "wrong-certificate"):
        assert set(errors(samples, name)) <= {"http_status", "tls"}, (name, errors(samples, name))
    scan.stop()


def test_http_rotated_password_is_picked_up(bed):
    password = bed.write("rotated-password", "first")
    accounts = bed.nginx.folder / "htpasswd"
    write_htpasswd(accounts, **{USER: "first"})
    try:
        scan = bed.scan(bed.http_repository("rotated", "basic/small", auth={
            "username": USER, "passwordFile": str(password)}))
        scan.wait_up("rotated")
        write_htpasswd(accounts, **{USER: "second"})
        samples = scan.wait_up("rotated", up=0)
        assert set(errors(samples, "rotated")) == {"unauthorized"}
        assert_small(samples, "rotated")
        # As kubelet does it: the name points to a new file.
        bed.write("rotated-password.next", "second\n").replace(password)
        scan.wait_up("rotated", seconds=30)
        scan.stop()
    finally:
        write_htpasswd(accounts, **{USER: PASSWORD})


def test_http_file_urls(bed):
    folder = bed.nginx.root / "small"
    scan = bed.scan({"name": "mirror", "url": f"file://{folder}", "interval": "1s"})
    assert_small(scan.wait_up("mirror"), "mirror")
    assert charts(scan.samples(), "mirror") == SMALL_COUNTS
    scan.stop()


def expected_times(index, shown):
    """{(chart, which): seconds} of the versions that Helm shows."""
    import yaml
    out = {}
    for chart, versions in yaml.load(index, Loader=yaml.CSafeLoader)["entries"].items():
        times = {each["version"]: seconds(each.get("created")) for each in versions or []
                 if each.get("version") in shown.get(chart, ())}
        known = [time for time in times.values() if time is not None]
        if known:
            for which, time in zip(("oldest", "newest", "median"), ages(known)):
                out[chart, which] = time
    return out


def test_http_real_repositories_as_helm_shows_them(bed):
    corpora = corpus_repositories()
    if not corpora:
        raise Skipped("LOOKOUT_CORPORA is not set")
    for folder in corpora:
        (bed.nginx.root / folder.name).mkdir(exist_ok=True)
        shutil.copy(folder / "index.yaml", bed.nginx.root / folder.name)
        os.chmod(bed.nginx.root / folder.name / "index.yaml", 0o644)
    names = [folder.name for folder in corpora]
    scan = bed.scan(*(bed.http_repository(name, name) for name in names))
    samples = scan.wait_up(*names)
    for folder in corpora:
        name = folder.name
        shown, stable = shown_by_helm(bed.helm, bed.nginx.url(name))
        assert charts(samples, name) == {chart: len(set(versions))
                                         for chart, versions in shown.items()}, name
        assert latest(samples, name) == stable, (name, latest(samples, name), stable)
        got = {(labels["chart"], which): number for which in ("oldest", "newest", "median")
               for labels, number in rows(
                   samples, f"helm_repository_chart_{which}_timestamp_seconds", repository=name)}
        expected = expected_times((folder / "index.yaml").read_bytes(), shown)
        assert got == expected, (name, set(got.items()) ^ set(expected.items()))
    scan.stop()
    assert scans(samples, names[0]) >= 1
