"""helm-lookout on a node, in the order of its life there. The node's network does not enforce
NetworkPolicy: that its objects are accepted and select the pod is all that shows here."""

import json
import os
import pathlib
import signal
import time
import urllib.request

from bench import NAMESPACE, RELEASE, ROOT, Forward, Watcher
from cluster import wait_for

TEAM = "team-a"
# A Service may lead to a pod that has just ended, until kube-proxy hears of it.
GAP_SECONDS_MAX = 4


def release_chart(bench):
    return bench.folder / "charts" / "webserver-1.0.0.tgz"


def broken_chart(bench):
    """Its object is refused by the API server, so that Helm's upgrade fails."""
    folder = bench.folder / "broken"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: webserver\nversion: 1.1.0\n")
    (folder / "templates/object.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: broken}\ndata: {not a key: x}\n")
    return folder


def value(samples, family, **labels):
    return samples.get((family, frozenset(labels.items())))


def visit(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def restarts(pod):
    return pod["status"]["containerStatuses"][0]["restartCount"]


def test_install_with_helm_3(bench):
    bench.make_namespace(NAMESPACE)
    bench.before = bench.everything()
    bench.install_lookout(3)
    pod = bench.only_pod()
    assert restarts(pod) == 0
    assert pod["status"]["phase"] == "Running"


def test_helm_test(bench):
    shown = bench.node.helm(3, "test", RELEASE, "-n", NAMESPACE, "--timeout", "60s")
    assert "Succeeded" in shown, shown


def test_port_forward(bench):
    for target in ("svc/helm-lookout", "deployment/helm-lookout"):
        with Forward(bench.node, "-n", NAMESPACE, target) as forward:
            kind, metrics = visit(forward.port, "/metrics")
            assert kind.startswith("text/plain"), kind
            assert "\nhelm_lookout_build_info{" in metrics
            kind, page = visit(forward.port, "/charts")
            assert kind.startswith("text/html") and "webserver" in page, page[:500]


def test_releases_of_both_helms(bench):
    for major, name in ((3, "three"), (4, "four")):
        bench.node.helm(major, "install", name, release_chart(bench), "-n", TEAM,
                        "--create-namespace")
    bench.settle()
    info = {dict(labels)["name"] for family, labels in bench.samples()
            if family == "helm_release_info"}
    assert info == {"three", "four", RELEASE}, info


def test_repository_is_scanned(bench):
    samples = bench.samples()
    assert value(samples, "helm_repository_up", repository="team") == 1
    behind = [value for (family, labels), value in samples.items()
              if family == "helm_release_versions_behind" and dict(labels)["name"] == "three"]
    assert behind == [2], behind


def test_prometheus_scrapes_by_the_service(bench):
    def is_up():
        return [value for _, value in bench.prometheus.query("up")] == [1]
    wait_for("the target up", is_up, 20)
    found = bench.prometheus.query('helm_release_info{name="three"}')
    assert [labels["namespace"] for labels, _ in found] == [TEAM], found  # honor_labels


def test_alerts_fire(bench):
    bench.node.helm(3, "upgrade", "three", broken_chart(bench), "-n", TEAM, check=False)
    bench.settle()

    def firing(alert, **labels):
        return any(each["alertname"] == alert and labels.items() <= each.items()
                   for each in bench.prometheus.firing())
    wait_for("HelmReleaseFailed",
             lambda: firing("HelmReleaseFailed", namespace=TEAM, name="three"), 20)
    assert not firing("HelmReleaseFailed", name="four")
    bench.repository.terminate()
    bench.repository.wait(5)
    wait_for("the repository's alert",
             lambda: firing("HelmRepositoryDown", repository="team"), 40)


def test_roles_allow_reading_only(bench):
    account = f"system:serviceaccount:{NAMESPACE}:{RELEASE}"

    def may(verb, what):
        answer = bench.node.kubectl("auth", "can-i", verb, what, "-A", "--as", account, check=False)
        return answer.strip() == "yes"
    assert may("list", "secrets") and may("watch", "secrets")
    refused = [("create", "secrets"), ("delete", "secrets"), ("update", "secrets"),
               ("list", "pods"), ("list", "configmaps")]
    assert not [each for each in refused if may(*each)]


def test_network_policy_is_accepted(bench):
    (policy,) = bench.node.objects("networkpolicies", "-n", NAMESPACE)
    wanted = policy["spec"]["podSelector"]["matchLabels"]
    assert wanted.items() <= bench.only_pod()["metadata"]["labels"].items()
    assert set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}


def test_log_is_clean(bench):
    name = bench.only_pod()["metadata"]["name"]
    lines = bench.node.kubectl("logs", "-n", NAMESPACE, name).splitlines()
    # The repository was ended by the test of alerts.
    wrong = [line for line in lines if "error" in line and "team" not in line]
    assert lines and not wrong, wrong


def container(bench):
    """The process, as this machine sees it."""
    for each in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if (bench.node.name in (each / "cgroup").read_text()
                    and (each / "cmdline").read_bytes().startswith(b"/helm-lookout\0")):
                return int(each.name)
        except OSError:
            continue  # ended meanwhile
    raise AssertionError("no /helm-lookout runs on the node")


def test_memory_is_within_the_limit(bench):
    groups = pathlib.Path(f"/proc/{container(bench)}/cgroup").read_text().splitlines()
    (path,) = [line.split(":", 2)[2] for line in groups if line.split(":")[1] == "memory"]
    folder = pathlib.Path("/sys/fs/cgroup/memory" + path)
    limit, most = (int((folder / f"memory.{name}_in_bytes").read_text())
                   for name in ("limit", "max_usage"))
    print(f"        memory: {most >> 20} of {limit >> 20} MiB")
    assert limit <= 256 << 20, "the chart's limit is not in force"
    assert most < limit / 2, f"{most} of {limit} bytes"


def test_killed_process_comes_back(bench):
    before = bench.only_pod()
    os.kill(container(bench), signal.SIGKILL)
    wait_for("a restart", lambda: restarts(bench.only_pod()) == restarts(before) + 1, 30)
    bench.node.kubectl("wait", "-n", NAMESPACE, "--for=condition=Ready", "--timeout=60s",
                       f"pod/{before['metadata']['name']}")
    bench.settle()


def test_deleted_pod_is_replaced(bench):
    name = bench.only_pod()["metadata"]["name"]
    began = time.monotonic()
    bench.node.kubectl("delete", "pod", "-n", NAMESPACE, name)
    assert time.monotonic() - began < 8, "SIGTERM did not end it"
    bench.node.kubectl("rollout", "status", "-n", NAMESPACE, "deployment/helm-lookout",
                       "--timeout=60s")
    assert bench.only_pod()["metadata"]["name"] != name
    bench.settle()


def test_api_server_restart(bench):
    before = bench.only_pod()
    with Watcher(bench) as watcher:
        bench.node.kill("kube-apiserver")
        wait_for("the API server gone", lambda: not bench.node.api_ready(), 10)
        wait_for("the API server again", bench.node.api_ready, 60)
        wait_for("a release after it", lambda: bench.node.helm(
            4, "upgrade", "--install", "later", release_chart(bench), "-n", TEAM, check=False), 30)
    bench.settle(60)
    assert watcher.gap_seconds < GAP_SECONDS_MAX, f"no metrics for {watcher.gap_seconds} s"
    assert restarts(bench.only_pod()) == restarts(before)


def test_upgrade_leaves_no_gap(bench):
    old = bench.only_pod()["metadata"]["name"]
    with Watcher(bench) as watcher:
        bench.install_lookout(3, "--set", "settings.logFormat=json")
        wait_for("one pod", lambda: len(bench.pods()) == 1, 20)
    assert bench.only_pod()["metadata"]["name"] != old
    assert watcher.answers > 10
    assert watcher.gap_seconds < GAP_SECONDS_MAX, f"no metrics for {watcher.gap_seconds} s"
    log = bench.node.kubectl("logs", "-n", NAMESPACE, "deployment/helm-lookout")
    assert log and all(json.loads(line) for line in log.splitlines())
    bench.settle()


def test_uninstall_leaves_nothing(bench):
    bench.node.kubectl("delete", "namespace", TEAM)
    bench.node.helm(3, "uninstall", RELEASE, "-n", NAMESPACE, "--wait")
    bench.nothing_left(bench.before)


def test_authorization(bench):
    """The chart's own roles suffice for reviews, and let in whom they are bound to."""
    bench.install_lookout(4, "--set", "settings.authFilter=true,tls.terminatedElsewhere=true",
                          "--set-json", 'rbac.scraper.subjects=[{"kind": "ServiceAccount", '
                          f'"name": "scraper", "namespace": "{NAMESPACE}"}}]')
    answers = []
    for name in ("scraper", "other"):
        bench.node.kubectl("create", "serviceaccount", name, "-n", NAMESPACE)
        token = bench.node.kubectl("create", "token", name, "-n", NAMESPACE).strip()
        answers.append(bench.ask({"Authorization": f"Bearer {token}"}))
        bench.node.kubectl("delete", "serviceaccount", name, "-n", NAMESPACE)
    assert [*answers, bench.ask()] == [200, 403, 401], answers
    bench.node.helm(4, "test", RELEASE, "-n", NAMESPACE, "--timeout", "60s")
    bench.node.helm(4, "uninstall", RELEASE, "-n", NAMESPACE, "--wait")
    bench.nothing_left(bench.before)


def test_shards_with_helm_4(bench):
    bench.install_lookout(4, "--set", "shards=2")
    teams = ("one", "two", "three", "four")
    for team in teams:
        bench.node.helm(4, "install", "web", release_chart(bench), "-n", team, "--create-namespace")
    pods = bench.pods()
    names = sorted(pod["metadata"]["name"] for pod in pods)
    assert names == ["helm-lookout-0", "helm-lookout-1"], names

    def shown():
        return [{dict(labels)["namespace"]
                 for family, labels in bench.samples(pod["status"]["podIP"])
                 if family == "helm_release_info"} for pod in pods]
    wait_for("all by the two together", lambda: set.union(*shown()) == {NAMESPACE, *teams}, 20)
    assert not set.intersection(*shown()) and all(shown()), shown()
    bench.node.helm(4, "uninstall", RELEASE, "-n", NAMESPACE, "--wait")
    bench.node.kubectl("delete", "namespace", *teams)
    bench.nothing_left(bench.before)


def apply(bench, overlay):
    bench.node.kubectl("apply", "-k", ROOT / "config" / overlay)
    bench.node.kubectl("rollout", "status", "-n", NAMESPACE, "deployment/helm-lookout",
                       "--timeout=60s")


def test_manifests_cluster_wide(bench):
    bench.node.kubectl("delete", "namespace", NAMESPACE)
    bench.before = bench.everything()
    apply(bench, "default")
    bench.node.helm(3, "install", "three", release_chart(bench), "-n", TEAM, "--create-namespace")
    bench.settle()
    bench.node.kubectl("delete", "-k", ROOT / "config/default")


def test_manifests_namespaced(bench):
    """A Role in `default` alone is what the overlay brings."""
    apply(bench, "namespaced")
    bench.node.helm(3, "install", "here", release_chart(bench), "-n", "default")
    bench.settle(namespaces={"default"})
    bench.node.helm(3, "uninstall", "here", "-n", "default")
    bench.node.kubectl("delete", "-k", ROOT / "config/namespaced")
    bench.node.kubectl("delete", "namespace", TEAM)
    bench.nothing_left(bench.before)
