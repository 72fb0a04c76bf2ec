"""Helm S3 Exporter's environment starts helm-lookout unchanged and shows the same families."""

import pathlib
import subprocess

from charts import corpus_repositories, s3_exporter_samples
from cluster import free_ports, wait_for
from lookout import parse_samples
from runner import Skipped
from s3_servers import ACCESS_KEY, REGION, SECRET_KEY
from scanning import clean_environment, families, value
from servers import accepts, answer
from testbed import BUCKET

# Those that tell how long the reading took or when it was: compared by presence.
OF_THE_MOMENT = ("helm_s3_scrape_duration_seconds", "helm_s3_last_scrape_success",
                 "helm_s3_scrape_errors_total")


def exporter_environment(bed, key, **more):
    """What Helm S3 Exporter's chart puts into the pod, static keys and an endpoint included."""
    return clean_environment(bed.folder / "home", {
        "S3_BUCKET": BUCKET, "S3_REGION": REGION, "S3_KEY": key, "USE_IAM_ROLE": "false",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_ENDPOINT_URL": bed.s3.endpoint, "SCAN_INTERVAL": "1s", "SCAN_TIMEOUT": "5s", **more})


class Exporter:
    """helm-lookout started by environment variables alone."""

    def __init__(self, bed, ports, environment):
        self.ports = ports
        (bed.folder / "home").mkdir(exist_ok=True)
        self.log = bed.folder / f"exporter-{ports[0]}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([bed.binary], stdout=log, stderr=log, env=environment)
        bed.launched.append(self)

    def samples(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return parse_samples(answer(self.ports[0], "/metrics")[2].decode())
        except OSError:
            return {}

    def wait_scanned(self):
        """The samples after the first successful scan."""
        def scanned():
            samples = self.samples()
            return families(samples, "helm_s3_charts_total") and samples
        try:
            return wait_for("the bucket was read", scanned, 15)
        except AssertionError:
            raise AssertionError(self.log.read_text()[-3000:]) from None

    def stop(self):
        self.process.terminate()
        assert self.process.wait(2) == 0, self.log.read_text()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def test_exporter_environment_alone_starts_it(bed):
    key = bed.s3_charts("exporter")
    metrics, health = free_ports(2)
    exporter = Exporter(bed, [metrics], exporter_environment(
        bed, key, METRICS_PORT=str(metrics),
        HELM_LOOKOUT_HEALTH_PROBE_BIND_ADDRESS=f"127.0.0.1:{health}"))
    samples = exporter.wait_scanned()
    index = bed.bucket.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    expected = s3_exporter_samples(index, BUCKET)
    got = {held: number for held, number in families(samples, "helm_s3_").items()
           if not held[0].startswith(OF_THE_MOMENT)}
    assert got == expected, set(got.items()) ^ set(expected.items())
    assert value(samples, "helm_s3_scrape_errors_total", repository=BUCKET) == 0
    for port in (metrics, health):
        assert answer(port, "/health")[0] == 200 and answer(port, "/ready")[0] == 200
    # Readiness comes from the first scan when there is no cluster.
    assert answer(health, "/readyz")[0] == 200
    assert answer(metrics, "/charts")[0] == 200
    exporter.stop()


def test_exporter_role_variable_takes_the_default_chain(bed):
    """USE_IAM_ROLE is true unless it is set: then keys come from wherever the SDKs look."""
    key = bed.s3_charts("exporter-role")
    metrics, health = free_ports(2)
    variables = exporter_environment(
        bed, key, METRICS_PORT=str(metrics),
        HELM_LOOKOUT_HEALTH_PROBE_BIND_ADDRESS=f"127.0.0.1:{health}")
    del variables["USE_IAM_ROLE"], variables["S3_REGION"]  # us-east-1, which is wrong here
    exporter = Exporter(bed, [metrics], variables)
    samples = exporter.wait_scanned()
    assert value(samples, "helm_s3_charts_total", repository=BUCKET) == 2
    exporter.stop()


def test_exporter_port_is_served_when_none_is_set(bed):
    if accepts(9571) or accepts(9104):
        raise Skipped("port 9571 or 9104 is taken on this machine")
    key = bed.s3_charts("exporter-port")
    (health,) = free_ports(1)
    exporter = Exporter(bed, [9571], exporter_environment(
        bed, key, HELM_LOOKOUT_HEALTH_PROBE_BIND_ADDRESS=f"127.0.0.1:{health}"))
    exporter.wait_scanned()
    assert answer(9104, "/metrics")[0] == 200
    exporter.stop()


def test_exporter_path_and_page_variables(bed):
    key = bed.s3_charts("exporter-path")
    metrics, health = free_ports(2)
    exporter = Exporter(bed, [metrics], exporter_environment(
        bed, key, METRICS_PORT=str(metrics), METRICS_PATH="/telemetry", ENABLE_HTML="false",
        HELM_LOOKOUT_HEALTH_PROBE_BIND_ADDRESS=f"127.0.0.1:{health}"))
    def scanned():
        assert exporter.process.poll() is None, exporter.log.read_text()
        return accepts(metrics) and b"helm_s3_charts_total{" in answer(metrics, "/telemetry")[2]
    wait_for("the bucket was read", scanned)
    assert answer(metrics, "/charts")[0] == 404
    exporter.stop()


def test_exporter_values_of_real_repositories(bed):
    corpora = corpus_repositories()
    if not corpora:
        raise Skipped("LOOKOUT_CORPORA is not set")
    repositories = []
    for folder in corpora:
        key = f"real/{folder.name}/index.yaml"
        bed.bucket.put_object(Bucket=BUCKET, Key=key,
                              Body=pathlib.Path(folder / "index.yaml").read_bytes())
        repositories.append(bed.s3_repository(folder.name, key))
    scan = bed.scan(*repositories)
    samples = scan.wait_up(*(folder.name for folder in corpora))
    for folder in corpora:
        expected = s3_exporter_samples((folder / "index.yaml").read_bytes(), folder.name)
        got = {held: number for held, number in families(samples, "helm_s3_").items()
               if ("repository", folder.name) in held[1]
               and not held[0].startswith(OF_THE_MOMENT)}
        assert got == expected, (folder.name, set(got.items()) ^ set(expected.items()))
    scan.stop()
