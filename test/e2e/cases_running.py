"""A running scanner: nobody waits for another, settings change under it, nothing leaks."""

import json
import signal
import socket
import subprocess
import time

import exposition
from cases_s3 import SMALL_COUNTS, SMALL_LATEST, assert_small
from cluster import wait_for
from http_servers import HEADER, PASSWORD, TOKEN, USER
from lookout import parse_samples
from registries import PASSWORD as REGISTRY_PASSWORD
from s3_servers import SECRET_KEY
from scanning import Mount, charts, clean_environment, errors, scans, settings_text, value

CANARIES = (SECRET_KEY, PASSWORD, TOKEN, HEADER, REGISTRY_PASSWORD, "planted-canary")


RELOADED_WITHIN = 20  # seconds; the file is looked at every ten


class Silent:
    """A server that accepts and never says a word."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/charts"

    def stop(self):
        self.socket.close()


def test_HRE_2_HRE_3_running_a_silent_repository_delays_no_other(bed):
    """Eight repositories that never answer delay neither a ninth nor the end."""
    silent = Silent()
    hanging = [{"name": f"silent-{i}", "type": "http", "url": silent.url, "interval": "1s",
                "timeout": "60s"} for i in range(8)]
    scan = bed.scan(*hanging, bed.http_repository("quick", "small"))
    began = time.monotonic()
    assert_small(scan.wait_up("quick", seconds=5), "quick")
    wait_for("quick is scanned on its own interval",
             lambda: scans(scan.samples(), "quick") >= 4, 10)
    assert time.monotonic() - began < 10
    samples = scan.samples()
    assert all(scans(samples, each["name"]) == 0 for each in hanging)
    assert all(value(samples, "helm_repository_up", repository=each["name"]) == 0
               for each in hanging)
    # And a scan under way does not keep the program from ending.
    began = time.monotonic()
    scan.process.send_signal(signal.SIGTERM)
    assert scan.process.wait(5) == 0
    assert time.monotonic() - began <= 1.0, time.monotonic() - began
    silent.stop()


def test_HEX_9_running_listens_before_any_repository_answers(bed):
    """The endpoints answer at once while the only repository never does."""
    silent = Silent()
    began = time.monotonic()
    scan = bed.scan({"name": "silent", "type": "http", "url": silent.url, "timeout": "60s"})
    scan.wait_value(0, "helm_repository_up", repository="silent")
    assert scans(scan.samples(), "silent") == 0
    assert time.monotonic() - began < 10, time.monotonic() - began
    scan.stop()
    silent.stop()


def test_NOVA_2_running_a_silent_repository_times_out(bed):
    """A repository that never answers is an error within its time-out."""
    silent = Silent()
    scan = bed.scan({"name": "silent", "type": "http", "url": silent.url, "interval": "1s",
                     "timeout": "1s"})
    scan.wait_up("silent", up=0, seconds=10)
    scan.wait_value(0, "helm_repository_up", repository="silent")
    assert set(errors(scan.samples(), "silent")) == {"timeout"}
    scan.stop()
    silent.stop()


def test_running_settings_and_secrets_are_remounted(bed):
    first, second = (bed.http_repository(name, "basic/small", auth={
        "username": USER, "passwordFile": str(bed.folder / "secret-mount/password")})
        for name in ("first", "second"))
    secrets = Mount(bed.folder / "secret-mount").put(password=PASSWORD)
    settings = Mount(bed.folder / "settings-mount").put(config_yaml=settings_text([first]))
    scan = bed.scan(settings=settings.path("config.yaml"))
    scan.wait_up("first")
    seen = Gaps(scan, "first")
    settings.put(config_yaml=settings_text([second, first]))
    wait_for("the second repository", lambda: seen.look() and value(
        seen.samples, "helm_repository_up", repository="second"), RELOADED_WITHIN)
    assert_small(scan.wait_up("second"), "first", "second")
    # A file with a mistake changes nothing.
    settings.put(config_yaml=settings_text([{**second, "name": "third", "colour": "blue"}]))
    wait_for("the refusal", lambda: seen.look() and value(
        seen.samples, "helm_lookout_config_reload_success") == 0, RELOADED_WITHIN)
    assert_small(scan.samples(), "first", "second")
    assert scan.value("helm_repository_up", repository="third") is None
    secrets.put(password="planted-canary-wrong")
    samples = scan.wait_up("first", "second", up=0)
    assert_small(samples, "first", "second")
    secrets.put(password=PASSWORD)
    settings.put(config_yaml=settings_text([second]))
    samples = scan.wait_value(1, "helm_lookout_config_reload_success", seconds=RELOADED_WITHIN)
    assert_small(scan.wait_up("second", seconds=RELOADED_WITHIN), "second")
    # What is no longer there leaves with all its series.
    assert not [held for held in scan.samples() if ("repository", "first") in held[1]]
    assert not seen.gaps
    scan.stop()


class Gaps:
    """Scrapes in which a repository's charts were not all there."""

    def __init__(self, scan, repository):
        self.scan, self.repository = scan, repository
        self.samples, self.gaps = {}, []

    def look(self):
        self.samples = self.scan.samples()
        if charts(self.samples, self.repository) != SMALL_COUNTS:
            self.gaps.append(charts(self.samples, self.repository))
        return True


def test_running_many_repositories_side_by_side(bed):
    names = [f"one-of-many-{i}" for i in range(60)]
    scan = bed.scan(*(bed.http_repository(name, "small") for name in names))
    assert_small(scan.wait_up(*names), *names)
    wait_for("all again", lambda: all(scans(scan.samples(), name) >= 3 for name in names))
    scan.stop()


def test_running_once_is_once(bed):
    scan = bed.scan(bed.http_repository("once", "small", interval="0"),
                    bed.http_repository("often", "small"))
    scan.wait_up("once", "often")
    wait_for("others go on", lambda: scans(scan.samples(), "often") >= 4)
    assert scans(scan.samples(), "once") == 1
    scan.stop()


def test_HRE_9_running_wrong_settings_stop_the_start(bed):
    """A setting that makes no sense ends the start with one line that names it."""
    for settings, word in (
            ({"repositories": [{"name": "x", "url": "ftp://127.0.0.1/"}]}, "url"),
            ({"repositories": [{"name": "x", "url": "http://h/", "colour": 1}]}, "colour"),
            ({"repositories": [{"name": "x", "url": "http://h/"}] * 2}, "x"),
            ({"repositories": [{"name": "x", "url": "http://h/", "interval": "-1s"}]}, "interval"),
            ({"repositories": [{"name": "x", "url": "http://u:planted-canary@h/"}]}, "auth")):
        path = bed.write("wrong-settings.yaml", json.dumps(settings))
        done = subprocess.run([bed.binary, "--releases=off", "--config", path], timeout=10,
                              capture_output=True, text=True,
                              env=clean_environment(bed.folder / "home"))
        assert done.returncode == 2, (settings, done)
        assert word in done.stderr and done.stderr.count("\n") == 1, done.stderr
        assert "planted-canary" not in done.stderr


def test_running_scan_command(bed):
    def scan(*arguments, **environment):
        return subprocess.run([bed.binary, "scan", *arguments], capture_output=True, text=True,
                              timeout=20, env=clean_environment(bed.folder / "home", environment))
    told = scan(bed.nginx.url("small"), "-o", "json")
    assert told.returncode == 0, told.stderr
    charts = {row["chart"]: row for row in json.loads(told.stdout)["charts"]}
    assert {name: row["versions"] for name, row in charts.items()} == SMALL_COUNTS, charts
    assert {name: (row["latest"], row["app_version"]) for name, row in charts.items()} == \
        SMALL_LATEST, charts
    assert [name for name, row in charts.items() if row["deprecated"]] == ["db"], charts
    table = scan(bed.nginx.url("small"))
    assert table.returncode == 0 and "app" in table.stdout and "1.1.0" in table.stdout
    assert table.stderr == "", table.stderr  # no progress in a pipe
    gone = scan(bed.nginx.url("nothing"))
    assert gone.returncode == 1 and "404" in gone.stderr, gone
    assert scan("not a url").returncode == 2 and scan().returncode == 2


def items(scan, path):
    status, headers, body = scan.get(path)
    assert status == 200 and headers["Content-Type"].startswith("application/json"), status
    return json.loads(body)["items"]


def test_running_pages_and_api_show_the_same(bed):
    key = bed.s3_charts("pages")
    scan = bed.scan(bed.s3_repository("s3", key), bed.http_repository("gone", "nothing"))
    scan.wait_up("s3")
    scan.wait_up("gone", up=0)
    repositories = {row["name"]: row for row in items(scan, "/api/v1/repositories")}
    assert set(repositories) == {"s3", "gone"}
    assert repositories["s3"]["up"] is True and repositories["gone"]["up"] is False
    listed = {row["name"]: row for row in items(scan, "/api/v1/charts?repository=s3")}
    assert {name: row["versions"] for name, row in listed.items()} == SMALL_COUNTS
    assert items(scan, "/api/v1/charts?repository=gone") == []
    status, headers, page = scan.get("/charts")
    assert status == 200 and "default-src 'none'" in headers["Content-Security-Policy"], headers
    text = page.decode()
    for word in ("s3", "gone", "app", "db", "1.1.0", "not_found"):
        assert word in text, word
    scan.stop()


def test_running_exposition_oracles(bed):
    key = bed.s3_charts("oracles")
    scan = bed.scan(bed.s3_repository("s3", key), bed.http_repository("http", "small"),
                    bed.oci_repository("oci", bed.registry_open),
                    bed.http_repository("gone", "nothing"))
    scan.wait_up("s3", "http", "oci")
    scan.wait_up("gone", up=0)
    exposition.check_promtool(scan.metrics())
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
    _, headers, body = scan.get("/metrics", headers={"Accept": exposition.OPENMETRICS})
    assert headers["Content-Type"] == exposition.OPENMETRICS
    names = {family.name for family in text_string_to_metric_families(body.decode())}
    for family in ("helm_repository_up", "helm_s3_charts_total", "helm_repository_sync"):
        assert family in names, sorted(names)
    plain = {line for line in scan.metrics().splitlines() if line.startswith(("helm_repository_",
                                                                             "helm_s3_"))}
    # Counters and times may move between the two scrapes; what was found does not.
    steady = {line for line in plain if line.startswith(("helm_repository_chart", "helm_s3_chart"))}
    assert steady and steady <= set(body.decode().splitlines())
    assert parse_samples(scan.metrics())
    scan.stop()


def test_running_nothing_secret_is_told(bed):
    for path in bed.folder.glob("*.log"):
        text = path.read_text(errors="replace")
        for canary in CANARIES:
            assert canary not in text, (path, canary)
