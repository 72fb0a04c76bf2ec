"""Where other exporters fail on a real cluster; the rest of those cases stand in e2e.py and in the
unit tests. The first words of a name are the id of the failure."""

import base64
import json
import pathlib
import re

import yaml

from cluster import wait_for
from lookout import release_samples
from release_secrets import payload

ROOT = pathlib.Path(__file__).parent.parent.parent
NS = "failures"
FOREIGN, FOREIGN_BYTES = 100, 500_000
FOREIGN_RSS_MB_MAX = 8  # of the 50 MB that they are


def rows(lookout, name):
    """{family: [labels and value, ...]} of a release's samples."""
    found = {}
    for (family, labels), number in release_samples(lookout.samples()).items():
        if dict(labels).get("name") == name:
            found.setdefault(family, []).append((dict(labels), number))
    return found


def put_release(bench, name, status, revision=1, **metadata):
    """A release Secret as Helm writes it, without a chart."""
    release = {"name": name, "version": revision, "namespace": NS,
               "info": {"status": status, "last_deployed": "2026-01-01T00:00:00Z"}}
    return bench.cluster.api("POST", f"/api/v1/namespaces/{NS}/secrets", {
        "metadata": {"name": f"sh.helm.release.v1.{name}.v{revision}", "namespace": NS,
                     "labels": {"owner": "helm", "name": name, "status": status,
                                "version": str(revision)}, **metadata},
        "type": "helm.sh/release.v1",
        "data": {"release": base64.b64encode(payload(json.dumps(release))).decode()}})


def test_HSM_13_label_removed_and_foreign_types(bench):
    """A revision that loses its label is gone at once; another type is none, whatever it is called."""
    bench.cluster.kubectl("create", "namespace", NS)
    put_release(bench, "label", "superseded", 1)
    put_release(bench, "label", "deployed", 2)
    wait_for("revision 2", lambda: rows(bench.lookout, "label").get("helm_release_revision", [
        ({}, 0)])[0][1] == 2)
    bench.cluster.kubectl("label", "secret", "-n", NS, "sh.helm.release.v1.label.v2", "owner-")
    wait_for("revision 1", lambda: rows(bench.lookout, "label").get("helm_release_revision", [
        ({}, 0)])[0][1] == 1)
    bench.cluster.kubectl("label", "secret", "-n", NS, "sh.helm.release.v1.label.v1", "owner-")
    wait_for("no series", lambda: not rows(bench.lookout, "label"))
    errors = total(bench.lookout, "helm_lookout_decode_errors_total")
    bench.cluster.api("POST", f"/api/v1/namespaces/{NS}/secrets", {
        "metadata": {"name": "sh.helm.release.v1.posing.v1", "namespace": NS,
                     "labels": {"owner": "helm", "name": "posing", "status": "deployed",
                                "version": "1"}},
        "type": "Opaque", "data": {"release": "eA=="}})
    put_release(bench, "after", "deployed")
    wait_for("what came after it", lambda: rows(bench.lookout, "after"))
    assert not rows(bench.lookout, "posing")
    assert total(bench.lookout, "helm_lookout_decode_errors_total") == errors


def total(lookout, family):
    return sum(number for (name, _), number in lookout.samples().items() if name == family)


def test_HSM_9_HEX_10_copied_secret(bench):
    """A copy goes by its own name and namespace, and takes all its series along."""
    original = put_release(bench, "original", "deployed")
    copy = {**original, "metadata": {
        "name": "sh.helm.release.v1.copy.v1", "namespace": "default",
        "labels": {**original["metadata"]["labels"], "name": "copy"}}}
    bench.cluster.api("POST", "/api/v1/namespaces/default/secrets", copy)
    wait_for("the copy", lambda: rows(bench.lookout, "copy"))
    for family, found in rows(bench.lookout, "copy").items():
        assert all(labels["namespace"] == "default" for labels, _ in found), (family, found)
    bench.cluster.kubectl("delete", "secret", "-n", "default", "sh.helm.release.v1.copy.v1")
    wait_for("no series of the copy", lambda: not rows(bench.lookout, "copy"))
    assert rows(bench.lookout, "original")


def test_HSM_2_deleted_in_key_order(bench):
    """Revisions 1, 10, 2, 3 deleted in that order, as a namespace's deletion does."""
    for revision in (1, 10, 2, 3):
        put_release(bench, "phantom", "superseded", revision)
    wait_for("revision 10", lambda: rows(bench.lookout, "phantom").get("helm_release_revision", [
        ({}, 0)])[0][1] == 10)
    for revision in (1, 10, 2, 3):
        bench.cluster.kubectl("delete", "secret", "-n", NS,
                              f"sh.helm.release.v1.phantom.v{revision}")
    wait_for("no series", lambda: not rows(bench.lookout, "phantom"))


def test_DD_1_stuck_pending_is_no_success(bench):
    """A release that stays pending says so, and the alert's expression selects it."""
    put_release(bench, "stuck", "deployed", 1)
    put_release(bench, "stuck", "pending-upgrade", 2)
    wait_for("pending", lambda: any(
        labels["status"] == "pending-upgrade" and number == 1
        for labels, number in rows(bench.lookout, "stuck").get("helm_release_status", [])))
    on = [labels["status"] for labels, number in rows(bench.lookout, "stuck")["helm_release_status"]
          if number == 1]
    assert on == ["pending-upgrade"], on
    alerts = "".join(path.read_text() for path in
                     (ROOT / "charts/helm-lookout/rules").rglob("*.yaml"))
    assert re.search(r'helm_release_status\{[^}]*status=~"pending', alerts), "no alert on it"


def test_HSM_14_not_ready_and_silent_before_the_first_list(bench):
    """Without an answer of the API server: 503 at /readyz, and no series that say there is none."""
    config = json.loads(bench.role_kubeconfig.read_text())
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    path = bench.folder / "unreachable.kubeconfig"
    path.write_text(json.dumps(config))
    early = bench.launch(kubeconfig=path)
    wait_for("its servers", lambda: not early.ready() and answers(early))
    assert early.get("/readyz", early.health_port)[0] == 503
    assert release_samples(early.samples()) == {}
    early.stop()


def answers(lookout):
    try:
        return lookout.get("/livez", lookout.health_port)[0] == 200
    except OSError:
        return False


def rss_mb(lookout):
    status = open(f"/proc/{lookout.process.pid}/status").read()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def test_HSM_11_foreign_secrets_cost_no_memory(bench):
    """50 MB of other people's Secrets, before the start and while it runs."""
    before = bench.launch().wait_ready()
    began = rss_mb(before)
    value = base64.b64encode(b"x" * FOREIGN_BYTES).decode()
    for i in range(FOREIGN):
        bench.cluster.api("POST", f"/api/v1/namespaces/{NS}/secrets", {
            "metadata": {"name": f"foreign-{i}"}, "type": "Opaque", "data": {"blob": value}})
    put_release(bench, "behind", "deployed")
    wait_for("what came after them", lambda: rows(before, "behind"))
    after = bench.launch().wait_ready()
    assert rss_mb(before) < began + FOREIGN_RSS_MB_MAX, (began, rss_mb(before))
    assert rss_mb(after) < began + FOREIGN_RSS_MB_MAX, (began, rss_mb(after))
    before.stop()
    after.stop()


MOUNTED = "/etc/helm-lookout/"


def shipped(bench, overlay):
    """The arguments of the Deployment in config/, its mounted settings where they can be read."""
    objects = [each for each in yaml.safe_load_all(
        bench.cluster.kubectl("kustomize", ROOT / "config" / overlay)) if each]
    deployment, = (each for each in objects if each["kind"] == "Deployment")
    mounted, = (each for each in objects
                if each["kind"] == "ConfigMap" and "settings.yaml" in each["data"])
    settings = bench.folder / f"{overlay}.yaml"
    settings.write_text(mounted["data"]["settings.yaml"])
    arguments = deployment["spec"]["template"]["spec"]["containers"][0]["args"]
    return [each.replace(f"{MOUNTED}settings.yaml", str(settings)) for each in arguments]


def test_HSM_10_shipped_manifests_start(bench):
    """The program takes the arguments of each Deployment that is shipped, and becomes ready."""
    for overlay in ("cluster-wide", "namespaced", "with-monitoring"):
        arguments = shipped(bench, overlay)
        assert arguments and MOUNTED not in " ".join(arguments), arguments
        bench.launch(*arguments).wait_ready().stop()


def test_failures_leave_nothing_behind(bench):
    bench.cluster.kubectl("delete", "namespace", NS, "--wait=false")
    wait_for("all of them are gone", lambda: not any(
        dict(labels).get("namespace") == NS for _, labels in bench.lookout.samples()), 60)
