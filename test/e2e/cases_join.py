"""Releases and repositories together: real Helm pushes chart versions and installs them on the
real API server, and what is out of date, missing or deprecated follows within one scan."""

import http.client
import json
import subprocess

import yaml

from cases_exporter import Exporter, exporter_environment
from charts import Version
from cluster import free_ports, wait_for
from registries import USER
from scanning import clean_environment, count, rows
from servers import answer
from testbed import BUCKET

NS = "shop-front"


def state(samples, name):
    """What the joined families say of a release in NS; None for those without a sample."""
    told = {}
    for family in ("outdated", "versions_behind", "chart_missing", "chart_deprecated"):
        held = rows(samples, f"helm_release_{family}", name=name, namespace=NS)
        assert len(held) <= 1, held
        told[family] = held[0][1] if held else None
    latest = rows(samples, "helm_release_latest_info", name=name, namespace=NS)
    assert len(latest) <= 1, latest
    if latest:
        labels = latest[0][0]
        told.update({key: labels[key] for key in ("repository", "latest_version", "match")})
    return told


def wait_state(scan, name, **wanted):
    last = {}

    def so():
        last.clear()
        last.update(state(scan.samples(), name))
        return wanted.items() <= last.items()
    try:
        wait_for("the join", so, 15)
    except AssertionError:
        raise AssertionError(f"{name} is {last}, not {wanted}") from None
    return last


class Shop:
    """A chart repository in the bucket whose versions come and go."""

    def __init__(self, bed):
        self.bed = bed
        self.folder = bed.folder / "s3-charts" / "joined"
        self.key = "joined/index.yaml"

    def publish(self, *versions):
        for each in versions:
            self.bed.helm.package(self.folder, "shop", *each)
        self.bed.helm.index(self.folder, f"s3://{BUCKET}/joined")
        self.bed.upload(self.folder, "joined")

    def forget(self, version):
        """The version leaves the index, as a broken push makes it."""
        index = yaml.safe_load((self.folder / "index.yaml").read_text())
        index["entries"]["shop"] = [each for each in index["entries"]["shop"]
                                    if each["version"] != version]
        self.bed.bucket.put_object(Bucket=BUCKET, Key=self.key,
                                   Body=yaml.safe_dump(index).encode())

    def archive(self, version):
        return self.folder / f"shop-{version}.tgz"


def install(bed, name, chart, *flags):
    bed.cluster.helm(3, "upgrade", "--install", name, chart, "-n", NS, "--create-namespace", *flags)


def follows(scan, repository, change):
    """Runs `change` and waits for the first scan that brings anything, which must be the next."""
    before = count(scan.samples(), repository, "success")
    change()
    wait_for("the next success", lambda: count(scan.samples(), repository, "success") > before)
    assert count(scan.samples(), repository, "success") == before + 1


def test_join_releases_from_s3(bed):
    bed.start_cluster()
    shop = Shop(bed)
    shop.publish(Version("1.0.0"), Version("1.1.0"), Version("1.2.0"))
    scan = bed.scan(bed.s3_repository("bucket", shop.key),
                    bed.http_repository("elsewhere", "small"), kubeconfig=bed.cluster.kubeconfig)
    scan.wait_ready()
    scan.wait_up("bucket")
    install(bed, "counter", shop.archive("1.0.0"))
    install(bed, "foreign", bed.helm.package(bed.folder / "foreign", "unknown", "1.0.0"))
    wait_state(scan, "counter", outdated=1, versions_behind=2, chart_missing=0, chart_deprecated=0,
               repository="bucket", latest_version="1.2.0", match="version")
    # A chart that no repository knows: not up to date, but unknown.
    assert set(state(scan.samples(), "foreign").values()) == {None}
    install(bed, "counter", shop.archive("1.2.0"))
    wait_state(scan, "counter", outdated=0, versions_behind=0)
    follows(scan, "bucket", lambda: shop.publish(Version("1.3.0-rc.1")))
    assert state(scan.samples(), "counter")["outdated"] == 0  # no prerelease for a stable one
    follows(scan, "bucket", lambda: shop.publish(Version("1.3.0")))
    told = state(scan.samples(), "counter")
    assert (told["outdated"], told["versions_behind"], told["latest_version"]) == (1, 1, "1.3.0")
    follows(scan, "bucket", lambda: shop.forget("1.2.0"))
    told = state(scan.samples(), "counter")
    assert told["chart_missing"] == 1 and told["match"] == "name", told
    follows(scan, "bucket", lambda: shop.publish())  # the index is made anew from the archives
    assert state(scan.samples(), "counter")["chart_missing"] == 0
    follows(scan, "bucket", lambda: shop.publish(Version("1.4.0", "", True)))
    told = state(scan.samples(), "counter")
    assert (told["chart_deprecated"], told["latest_version"]) == (1, "1.4.0"), told
    bed.cluster.helm(3, "uninstall", "counter", "-n", NS)
    wait_for("its series are gone",
             lambda: set(state(scan.samples(), "counter").values()) == {None})
    scan.stop()


def forget_tag(registry, path, tag):
    connection = http.client.HTTPConnection("127.0.0.1", registry.port)
    connection.request("DELETE", f"/v2/{path}/manifests/{tag}")
    status = connection.getresponse().status
    connection.close()
    assert status == 202, status


def test_join_releases_from_a_registry(bed):
    bed.start_cluster()
    path = f"{USER}/charts/mail"
    chart = f"oci://{bed.registry_open.host}/{path}"
    bed.push("mail", Version("0.1.0"))
    scan = bed.scan(bed.oci_repository("registry", bed.registry_open, path),
                    kubeconfig=bed.cluster.kubeconfig)
    scan.wait_ready()
    scan.wait_up("registry")
    install(bed, "post", chart, "--version", "0.1.0", "--plain-http")
    wait_state(scan, "post", outdated=0, versions_behind=0, chart_missing=0,
               repository="registry", latest_version="0.1.0", match="version")
    follows(scan, "registry", lambda: bed.push("mail", Version("0.2.0+build.7")))
    told = state(scan.samples(), "post")
    assert (told["outdated"], told["latest_version"]) == (1, "0.2.0+build.7"), told
    install(bed, "post", chart, "--version", "0.2.0+build.7", "--plain-http")
    wait_state(scan, "post", outdated=0, match="version")
    follows(scan, "registry", lambda: forget_tag(bed.registry_open, path, "0.2.0_build.7"))
    assert state(scan.samples(), "post")["chart_missing"] == 1
    scan.stop()


def test_join_pins_and_order_decide_between_repositories(bed):
    bed.start_cluster()
    first = bed.s3_charts("tied-first", {"tied": ["1.0.0", "1.1.0"]})
    second = bed.s3_charts("tied-second", {"tied": ["1.0.0", "3.0.0"]})
    repositories = [bed.s3_repository("first", first), bed.s3_repository("second", second)]
    install(bed, "knot", bed.folder / "s3-charts/tied-first/tied-1.0.0.tgz")
    for listed, pins, wanted in (
            (repositories, [], ("first", "version", "1.1.0")),
            (repositories[::-1], [], ("second", "version", "3.0.0")),
            (repositories, [{"chart": "tied", "repository": "second"}],
             ("second", "pin", "3.0.0")),
            (repositories, [{"namespace": NS, "release": "knot", "repository": "second"}],
             ("second", "pin", "3.0.0"))):
        scan = bed.scan(*listed, kubeconfig=bed.cluster.kubeconfig, pins=pins)
        scan.wait_ready()
        scan.wait_up("first", "second")
        repository, match, version = wanted
        wait_state(scan, "knot", repository=repository, match=match, latest_version=version)
        scan.stop()


def test_join_is_shown_by_the_releases_command(bed):
    bed.start_cluster()
    settings = bed.write("releases-settings.yaml", json.dumps({"repositories": [
        bed.s3_repository("first", bed.s3_charts("told", {"told": ["1.0.0", "1.2.0"]}))]}))
    install(bed, "said", bed.folder / "s3-charts/told/told-1.0.0.tgz")

    def releases(*flags):
        done = subprocess.run(
            [bed.binary, "releases", "--kubeconfig", bed.cluster.kubeconfig, "--config", settings,
             *flags], capture_output=True, text=True, timeout=30,
            env=clean_environment(bed.folder / "home"))
        assert done.returncode == 0, done.stderr
        return done.stdout
    head, row = (next(line for line in releases().splitlines() if word in line)
                 for word in ("NAME", "said"))
    assert "LATEST" in head and "STATE" in head, head
    assert "1.2.0" in row and "outdated" in row, row
    row = next(row for row in json.loads(releases("-o", "json")) if row["name"] == "said")
    assert (row["repository"], row["latest_version"], row["outdated"]) == ("first", "1.2.0", True)
    # The running program's API says the same.
    scan = bed.scan(settings=settings, kubeconfig=bed.cluster.kubeconfig)
    scan.wait_ready()
    scan.wait_up("first")
    wait_state(scan, "said", outdated=1)
    told = json.loads(scan.get("/api/v1/releases?name=said")[2])["items"]
    assert len(told) == 1 and {**told[0], **row} == told[0], (told, row)
    scan.stop()


def test_join_without_the_right_to_read_secrets(bed):
    """Helm S3 Exporter's pod has no role: --releases=auto makes it repositories only."""
    cluster = bed.start_cluster()
    cluster.kubectl("create", "namespace", "plain")
    cluster.kubectl("create", "serviceaccount", "exporter", "-n", "plain")
    kubeconfig = bed.folder / "no-role.kubeconfig"
    token = cluster.kubectl("create", "token", "exporter", "-n", "plain").strip()
    cluster.write_kubeconfig(kubeconfig, token)
    metrics, health = free_ports(2)
    exporter = Exporter(bed, [metrics], exporter_environment(
        bed, bed.s3_charts("no-role"), METRICS_PORT=str(metrics), KUBECONFIG=str(kubeconfig),
        HELM_LOOKOUT_HEALTH_PROBE_BIND_ADDRESS=f"127.0.0.1:{health}"))
    exporter.wait_scanned()
    wait_for("ready", lambda: answer(health, "/readyz")[0] == 200, 10)
    assert not any(family.startswith("helm_release_") for family, _ in exporter.samples())
    told = [line for line in exporter.log.read_text().splitlines() if "forbidden" in line.lower()]
    assert len(told) == 1 and token not in told[0], told
    exporter.stop()
