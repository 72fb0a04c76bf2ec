"""OCI registries: distribution v3, open, by password, by bearer token; charts pushed by Helm."""

import base64
import json
import os
import time

from charts import Version
from cluster import wait_for
from http_servers import PAGE
from registries import PASSWORD, USER
from scanning import charts, count, errors, latest, rows, scans, value
from testbed import PUSHED

APP_LATEST = {"app": ("1.2.0+build.5", "5.2")}


def assert_app(samples, *names):
    for name in names:
        assert charts(samples, name) == {"app": len(PUSHED["app"])}, (name, charts(samples, name))
        assert latest(samples, name) == APP_LATEST, (name, latest(samples, name))
        assert errors(samples, name) == {}, (name, errors(samples, name))


def login(bed, **more):
    return {"username": USER, "passwordFile": str(bed.write("registry-password", PASSWORD)), **more}


def test_oci_open_registry_in_one_page_and_in_many(bed):
    paged = bed.oci_repository("paged", bed.registry_open,
                               url=f"oci://127.0.0.1:{bed.nginx.paging}/{USER}/charts/app")
    scan = bed.scan(bed.oci_repository("open", bed.registry_open), paged)
    samples = scan.wait_up("open", "paged")
    assert_app(samples, "open", "paged")
    pages = [request.target for request in bed.nginx.requests()
             if int(request.port) == bed.nginx.paging and "tags/list" in request.target]
    assert len({page for page in pages if "last=" in page}) >= len(PUSHED["app"]) // PAGE, pages
    # Helm wrote when each was pushed, a moment ago, into the manifest.
    newest = value(samples, "helm_repository_chart_newest_timestamp_seconds", repository="open",
                   chart="app")
    assert newest and time.time() - 3600 < newest <= time.time() + 5, newest
    scan.stop()


def test_oci_unchanged_tags_are_not_fetched_again(bed):
    def fetched():
        return bed.registry_open.requests().count('"GET /v2/team/charts/app/blobs/')
    scan = bed.scan(bed.oci_repository("still", bed.registry_open))
    scan.wait_up("still")
    before = fetched()
    wait_for("unchanged scans", lambda: count(scan.samples(), "still", "unchanged") >= 3)
    samples = scan.samples()
    assert_app(samples, "still")
    assert count(samples, "still", "success") == 1
    assert fetched() == before
    scan.stop()


def test_oci_list_of_charts(bed):
    scan = bed.scan(bed.oci_repository("listed", bed.registry_open, f"{USER}/charts",
                                       charts=["app", "db"]))
    samples = scan.wait_up("listed")
    assert charts(samples, "listed") == {chart: len(held) for chart, held in PUSHED.items()}
    assert latest(samples, "listed") == {**APP_LATEST, "db": ("0.1.0", "9")}
    assert value(samples, "helm_repository_chart_deprecated", repository="listed", chart="db") == 1
    assert not rows(samples, "helm_repository_chart_deprecated", chart="app")
    scan.stop()


def test_oci_passwords_and_tokens(bed):
    scan = bed.scan(
        bed.oci_repository("basic", bed.registry_basic, auth=login(bed)),
        bed.oci_repository("token", bed.registry_token, auth=login(bed)),
        bed.oci_repository("tls", bed.registry_tls, plainHTTP=False,
                           tls={"caFile": str(bed.authority.certificate)}))
    assert_app(scan.wait_up("basic", "token", "tls"), "basic", "token", "tls")
    wait_for("more scans", lambda: scans(scan.samples(), "token") >= 4)
    assert_app(scan.samples(), "token")
    scan.stop()


def test_oci_tokens_serve_until_they_expire(bed):
    issued = bed.tokens.requests().count("authorized client")
    scan = bed.scan(bed.oci_repository("cached", bed.registry_token, auth=login(bed)))
    scan.wait_up("cached")
    wait_for("more scans", lambda: scans(scan.samples(), "cached") >= 4)
    scan.stop()
    assert 1 <= bed.tokens.requests().count("authorized client") - issued <= 2


def test_oci_docker_config_and_credential_programs(bed):
    pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    config = bed.write("docker-auths.json", json.dumps(
        {"auths": {bed.registry_basic.host: {"auth": pair},
                   bed.registry_token.host: {"username": USER, "password": PASSWORD}}}))
    programs = bed.write("docker-programs.json", json.dumps(
        {"credHelpers": {bed.registry_basic.host: "lookout-test"}}))
    folder = bed.folder / "programs"
    folder.mkdir(exist_ok=True)
    program = folder / "docker-credential-lookout-test"
    program.write_text("#!/bin/sh\nread -r asked\n[ \"$1\" = get ] && printf "
                       f"'{{\"ServerURL\":\"%s\",\"Username\":\"{USER}\","
                       f"\"Secret\":\"{PASSWORD}\"}}' \"$asked\"\n")
    program.chmod(0o755)
    home = bed.folder / "docker-home"
    home.mkdir(exist_ok=True)
    (home / "config.json").write_text(config.read_text())
    scan = bed.scan(
        bed.oci_repository("auths", bed.registry_basic, auth={"dockerConfigFile": str(config)}),
        bed.oci_repository("auths-token", bed.registry_token,
                           auth={"dockerConfigFile": str(config)}),
        bed.oci_repository("program", bed.registry_basic,
                           auth={"dockerConfigFile": str(programs)}),
        bed.oci_repository("home", bed.registry_basic),
        environment={"DOCKER_CONFIG": str(home), "PATH": f"{folder}:{os.environ['PATH']}"})
    names = ("auths", "auths-token", "program", "home")
    assert_app(scan.wait_up(*names), *names)
    scan.stop()


def test_oci_failures_name_their_reason(bed):
    wrong = {"username": USER, "passwordFile": str(bed.write("wrong", "planted-canary-wrong"))}
    failing = {
        "no-login": (bed.oci_repository("no-login", bed.registry_basic), {"unauthorized"}),
        "wrong-basic": (bed.oci_repository("wrong-basic", bed.registry_basic, auth=wrong),
                        {"unauthorized"}),
        "wrong-token": (bed.oci_repository("wrong-token", bed.registry_token, auth=wrong),
                        {"unauthorized"}),
        # The token server grants only what is under the user's own name.
        "not-granted": (bed.oci_repository("not-granted", bed.registry_token, "other/charts/app",
                                           auth=login(bed)), {"unauthorized", "forbidden"}),
        "missing": (bed.oci_repository("missing", bed.registry_open, f"{USER}/charts/none"),
                    {"not_found"}),
        "tls": (bed.oci_repository("tls", bed.registry_tls, plainHTTP=False), {"tls"}),
    }
    scan = bed.scan(*(row[0] for row in failing.values()))
    samples = scan.wait_up(*failing, up=0)
    told = {name: set(errors(samples, name)) for name in failing}
    assert all(len(told[name]) == 1 and told[name] <= wanted
               for name, (_, wanted) in failing.items()), told
    scan.stop()


def test_oci_pushed_version_is_followed_within_one_scan(bed):
    bed.push("pushed", Version("0.1.0"))
    scan = bed.scan(bed.oci_repository("pushed", bed.registry_open, f"{USER}/charts/pushed"))
    scan.wait_value(1, "helm_repository_chart_versions", repository="pushed", chart="pushed")
    bed.push("pushed", Version("0.2.0", "7"))
    wait_for("the next success", lambda: count(scan.samples(), "pushed", "success") >= 2)
    samples = scan.samples()
    assert charts(samples, "pushed") == {"pushed": 2}
    assert latest(samples, "pushed") == {"pushed": ("0.2.0", "7")}
    # Tags can be moved: the same version once more, with something else in it.
    bed.push("pushed", Version("0.2.0", "8", True))
    wait_for("the moved tag", lambda: count(scan.samples(), "pushed", "success") >= 3)
    samples = scan.samples()
    assert latest(samples, "pushed") == {"pushed": ("0.2.0", "8")}
    assert value(samples, "helm_repository_chart_deprecated", repository="pushed",
                 chart="pushed") == 1
    scan.stop()
