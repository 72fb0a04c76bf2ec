"""End to end: the built binary against a real API server, Helm 3 and Helm 4.

e2e.py BINARY SERVER_BINARIES: runs every test below in order against one cluster and
ends with the line "N passed, N failed".
"""

import json
import pathlib
import subprocess
import sys

import cases_failures
import exposition
import runner
import truth
from cluster import Cluster, wait_for
from lookout import Lookout, parse_samples, release_samples

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent


class Bench:
    """What the tests share: one cluster, one controller under the ClusterRole of config/."""

    def __init__(self, binary, servers, folder):
        self.binary = binary
        self.folder = folder
        self.cluster = Cluster(servers, folder)
        self.lookout = None
        self.launched = []

    def start(self):
        self.cluster.start()
        for name in ("namespace.yaml", "service_account.yaml"):
            self.cluster.kubectl("apply", "-f", ROOT / "config/deployment" / name)
        self.cluster.kubectl("apply", "-k", ROOT / "config/rbac")
        self.role_kubeconfig = self.folder / "role.kubeconfig"
        token = self.cluster.kubectl("create", "token", "helm-lookout", "-n", "helm-lookout").strip()
        self.cluster.write_kubeconfig(self.role_kubeconfig, token)
        make_chart(self.folder / "chart", "1.0.0", "2.4.58")
        make_chart(self.folder / "chart-next", "1.1.0", "2.4.59")
        self.lookout = self.launch()

    def launch(self, *flags, kubeconfig=None):
        launched = Lookout(self.binary, self.folder, kubeconfig or self.role_kubeconfig, *flags)
        self.launched.append(launched)
        return launched

    def stop(self):
        try:
            if self.lookout:
                self.lookout.stop()
        finally:
            for each in self.launched:  # a test that failed may have left one behind
                each.kill()
            self.cluster.stop()

    def chart(self, name="chart"):
        return str(self.folder / name)

    def install(self, major, release, ns, *flags, chart="chart", check=True):
        return self.cluster.helm(major, "upgrade", "--install", release, self.chart(chart), "-n", ns,
                                 "--create-namespace", *flags, check=check)

    def settle(self, lookout=None, only=None):
        """Waits until the metrics equal the truth, then compares with helm as well."""
        lookout = lookout or self.lookout
        last = {}

        def equal():
            secrets = [s for s in self.cluster.release_secrets()
                       if only is None or s["metadata"]["namespace"] in only]
            last["expected"] = truth.expected_samples(secrets)
            last["got"] = release_samples(lookout.samples())
            return last["expected"] == last["got"]

        try:
            wait_for("metrics equal the Secrets", equal, 20)
        except AssertionError:
            raise AssertionError(truth.difference(last["expected"], last["got"])) from None
        if only is None:
            listed = json.loads(self.cluster.helm(3, "list", "-A", "-a", "--max", "0", "-o", "json"))
            truth.check_against_helm(last["got"], listed)
        return last["got"]


def make_chart(folder, version, app_version):
    """A chart of one small ConfigMap; a `key` that the server refuses makes its upgrade fail."""
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text(
        f'apiVersion: v2\nname: webserver\nversion: {version}\nappVersion: "{app_version}"\n')
    (folder / "values.yaml").write_text("key: greeting\n")
    (folder / "templates/object.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n"
        "data:\n  {{ .Values.key | quote }}: hello\n")


def value(samples, family, **labels):
    return samples.get((family, frozenset(labels.items())))


# --- the tests, in order ---

def test_empty_cluster(bench):
    bench.lookout.wait_ready()
    assert bench.settle() == {}


def test_install_with_helm_3_and_4(bench):
    bench.install(3, "three", "team-a")
    bench.install(4, "four", "team-b")
    samples = bench.settle()
    assert value(samples, "helm_release_revision", name="three", namespace="team-a") == 1
    assert value(samples, "helm_release_revision", name="four", namespace="team-b") == 1


def test_upgrade(bench):
    bench.install(3, "three", "team-a", chart="chart-next")
    bench.install(4, "four", "team-b", chart="chart-next")
    samples = bench.settle()
    assert value(samples, "helm_release_revisions", name="four", namespace="team-b") == 2


def test_HEX_1_failed_upgrade(bench):
    """The failed revision is current, the deployed one a number; history is no series."""
    for major, release, ns in ((3, "three", "team-a"), (4, "four", "team-b")):
        bench.install(major, release, ns, "--set", "key=other")
        # A key the server refuses: the upgrade is recorded as failed.
        bench.install(major, release, ns, "--set", "key=not a key", check=False)
    samples = bench.settle()
    assert value(samples, "helm_release_status", name="three", namespace="team-a",
                 status="failed") == 1
    assert value(samples, "helm_release_deployed_revision", name="three", namespace="team-a") == 3
    assert value(samples, "helm_release_revision", name="three", namespace="team-a") == 4


def test_rollback(bench):
    bench.cluster.helm(3, "rollback", "three", "1", "-n", "team-a")
    bench.cluster.helm(4, "rollback", "four", "1", "-n", "team-b")
    samples = bench.settle()
    assert value(samples, "helm_release_deployed_revision", name="three", namespace="team-a") == 5


def test_HSM_1_deleting_the_current_secret_shows_the_one_below(bench):
    bench.cluster.kubectl("delete", "secret", "sh.helm.release.v1.three.v5", "-n", "team-a")
    samples = bench.settle()
    assert value(samples, "helm_release_revision", name="three", namespace="team-a") == 4


def test_history(bench):
    told = json.loads(bench.cluster.helm(3, "history", "three", "-n", "team-a", "-o", "json"))
    samples = bench.settle()
    assert value(samples, "helm_release_revisions", name="three", namespace="team-a") == len(told)
    current = max(told, key=lambda row: row["revision"])
    assert value(samples, "helm_release_status", name="three", namespace="team-a",
                 status=current["status"]) == 1


def test_uninstall_and_reinstall(bench):
    bench.cluster.helm(3, "uninstall", "three", "-n", "team-a")
    samples = bench.settle()
    assert value(samples, "helm_release_revision", name="three", namespace="team-a") is None
    bench.install(3, "three", "team-a")
    samples = bench.settle()
    assert value(samples, "helm_release_revision", name="three", namespace="team-a") == 1


def test_HSM_7_keep_history(bench):
    """A kept history is `uninstalled`, and not deployed."""
    bench.install(3, "kept", "team-a")
    bench.cluster.helm(3, "uninstall", "kept", "-n", "team-a", "--keep-history")
    samples = bench.settle()
    assert value(samples, "helm_release_status", name="kept", namespace="team-a",
                 status="uninstalled") == 1
    assert value(samples, "helm_release_status", name="kept", namespace="team-a",
                 status="deployed") == 0


def test_HSM_3_dotted_names(bench):
    """Releases whose names have dots come and go like others."""
    bench.install(3, "my.app", "team-a")
    bench.install(3, "my.app.v2", "team-a")
    samples = bench.settle()
    assert value(samples, "helm_release_revision", name="my.app.v2", namespace="team-a") == 1
    bench.cluster.helm(3, "uninstall", "my.app", "-n", "team-a")
    bench.settle()


def test_HSM_8_broken_payloads_hurt_only_themselves(bench):
    """A gauge says what cannot be decoded now; each version of it counts once."""
    import base64
    bench.install(3, "neighbour", "broken")
    bench.cluster.api("POST", "/api/v1/namespaces/broken/secrets", {
        "metadata": {"name": "sh.helm.release.v1.bad.v1", "namespace": "broken",
                     "labels": {"owner": "helm", "name": "bad", "status": "deployed",
                                "version": "1"}},
        "type": "helm.sh/release.v1",
        "data": {"release": base64.b64encode(b"H4sIAAAA!!!!").decode()}})
    def seen():
        samples = bench.lookout.samples()
        return value(samples, "helm_release_undecodable", name="bad", namespace="broken",
                     revision="1", reason="base64") == 1 and samples
    samples = wait_for("the undecodable release", seen)
    assert value(samples, "helm_release_errors", namespace="broken") == 1
    assert value(samples, "helm_release_status", name="bad", namespace="broken",
                 status="deployed") == 1
    assert value(samples, "helm_release_info", name="neighbour", namespace="broken", revision="1",
                 chart="webserver", chart_version="1.0.0", app_version="2.4.58") == 1
    bench.cluster.kubectl("delete", "secret", "sh.helm.release.v1.bad.v1", "-n", "broken")
    wait_for("it is gone", lambda: not any(
        dict(labels).get("name") == "bad" for _, labels in release_samples(bench.lookout.samples())))
    # The count stays as long as the namespace has releases: it is a counter.
    assert value(bench.lookout.samples(), "helm_release_errors", namespace="broken") == 1


def test_namespace_deletion(bench):
    bench.cluster.kubectl("delete", "namespace", "broken", "--wait=false")
    wait_for("its series are gone", lambda: not any(
        dict(labels).get("namespace") == "broken"
        for _, labels in release_samples(bench.lookout.samples())), 60)
    bench.settle()


def test_many_releases(bench):
    from concurrent.futures import ThreadPoolExecutor
    def install(i):
        bench.install(3 + i % 2, f"release-{i}", f"space-{i % 20}")
    for i in range(20):
        bench.cluster.kubectl("create", "namespace", f"space-{i}")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(install, range(300)))
    samples = bench.settle()
    assert sum(family == "helm_release_info" for family, _ in samples) >= 300


def test_restart_shows_the_same(bench):
    before = release_samples(bench.lookout.samples())
    bench.lookout.stop()
    bench.lookout = bench.launch().wait_ready()
    after = release_samples(bench.lookout.samples())
    assert before == after, truth.difference(before, after)


def test_verify_mode_shows_the_same(bench):
    verifying = bench.launch("--decode", "verify").wait_ready()
    samples = release_samples(verifying.samples())
    assert samples == release_samples(bench.lookout.samples())
    verifying.stop()


def test_HEX_4_namespaces_mode_with_roles_only(bench):
    """A refused namespace is named, the others are served."""
    for ns in ("team-a", "team-b"):
        bench.cluster.kubectl("apply", "-n", ns, "-f", ROOT / "config/namespaced/role.yaml")
    bench.cluster.kubectl("delete", "clusterrolebinding", "helm-lookout")
    limited = bench.launch("--namespaces", "team-a,team-b,space-0").wait_ready()
    bench.settle(limited, only={"team-a", "team-b"})
    verbose = limited.get("/readyz?verbose", limited.health_port)[2].decode()
    assert "space-0" in verbose and "forbidden" in verbose.lower(), verbose
    limited.stop()
    # Cluster-wide without its role: alive, not ready, and it says why.
    refused = bench.launch()
    def says_why():
        try:
            status, _, body = refused.get("/readyz", refused.health_port)
        except OSError:
            return False
        return status == 503 and b"forbidden" in body.lower()
    wait_for("503 that names the refusal", says_why)
    assert refused.get("/livez", refused.health_port)[0] == 200
    refused.stop()
    bench.cluster.kubectl("apply", "-k", ROOT / "config/rbac")


def test_payload_never_reads_no_value(bench):
    blind = bench.launch("--payload", "never").wait_ready()
    samples = release_samples(blind.samples())
    info = [dict(labels) for family, labels in samples if family == "helm_release_info"]
    assert info and all(row["chart"] == "" for row in info)
    assert not any(family == "helm_release_storage_bytes" for family, _ in samples)
    blind.stop()


def test_configmap_driver(bench):
    import os
    os.environ["HELM_DRIVER"] = "configmap"
    try:
        bench.install(3, "mapped", "team-b")
    finally:
        del os.environ["HELM_DRIVER"]
    watching = bench.launch("--storage-driver", "configmap",
                            kubeconfig=bench.cluster.kubeconfig).wait_ready()
    samples = release_samples(watching.samples())
    assert value(samples, "helm_release_info", name="mapped", namespace="team-b", revision="1",
                 chart="webserver", chart_version="1.0.0", app_version="2.4.58") == 1
    watching.stop()


def test_releases_command(bench):
    done = subprocess.run([bench.binary, "releases", "-o", "json", "--kubeconfig",
                           bench.cluster.kubeconfig], capture_output=True, text=True, check=True)
    told = {(row["namespace"], row["name"]): row for row in json.loads(done.stdout)}
    listed = json.loads(bench.cluster.helm(3, "list", "-A", "-a", "--max", "0", "-o", "json"))
    assert len(told) == len(listed)
    for release in listed:
        row = told[release["namespace"], release["name"]]
        assert f'{row["chart"]}-{row["chart_version"]}' == release["chart"]
        assert (str(row["revision"]), row["status"]) == (release["revision"], release["status"])


def test_decode_command(bench):
    secret = bench.cluster.kubectl("get", "secret", "sh.helm.release.v1.three.v1", "-n", "team-a",
                                   "-o", "yaml")
    done = subprocess.run([bench.binary, "decode", "-", "-o", "json"], input=secret,
                          capture_output=True, text=True, check=True)
    facts = json.loads(done.stdout)
    assert facts["release"] == "three" and facts["chart_version"] == "1.0.0", facts


def test_wrong_ca_and_down_server(bench):
    config = json.loads(bench.role_kubeconfig.read_text())
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                    bench.folder / "other.key", "-out", bench.folder / "other.crt", "-subj",
                    "/CN=other", "-days", "1"], check=True, capture_output=True)
    config["clusters"][0]["cluster"]["certificate-authority"] = str(bench.folder / "other.crt")
    wrong_ca = bench.folder / "wrong-ca.kubeconfig"
    wrong_ca.write_text(json.dumps(config))
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    down = bench.folder / "down.kubeconfig"
    down.write_text(json.dumps(config))
    for kubeconfig, word in ((wrong_ca, b"certificate"), (down, b"connect")):
        failing = bench.launch(kubeconfig=kubeconfig)
        def says_why():
            try:
                status, _, body = failing.get("/readyz", failing.health_port)
            except OSError:
                return False
            return status == 503 and word in body
        wait_for(f"503 that names {word}", says_why, 10)
        failing.stop()


def test_exposition_oracles(bench):
    exposition.check_promtool(bench.lookout.metrics())
    exposition.check_openmetrics(bench.lookout)
    exposition.check_same_samples(bench.lookout)


def test_real_prometheus_scrapes_both_formats(bench):
    exposition.check_prometheus(bench.lookout, bench.folder)


def test_nothing_secret_in_the_logs(bench):
    for path in bench.folder.glob("lookout-*.log"):
        text = path.read_text()
        assert "admin-token" not in text and "eyJ" not in text and "greeting" not in text, path


def main():
    binary, servers = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    chosen = runner.choose(runner.tests_of(sys.modules[__name__], cases_failures), sys.argv[3:])
    return runner.run_in_folder("e2e", chosen, lambda folder: Bench(binary, servers, folder))


if __name__ == "__main__":
    sys.exit(main())
