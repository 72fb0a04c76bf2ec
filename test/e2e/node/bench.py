"""What the node's tests share: the node, the image on it, Prometheus, a chart repository, and how
helm-lookout is looked at there."""

import json
import pathlib
import re
import signal
import subprocess
import threading
import time

import settings
import truth
from charts import Helm, Version
from cluster import wait_for
from lookout import parse_samples, release_samples
from node import Node, die_with_parent
from prometheus import Prometheus

ROOT = pathlib.Path(__file__).parents[3]
CHART = ROOT / "charts/helm-lookout"
PORT = 9104
REPOSITORY_PORT = 8000
NAMESPACE = "helm-lookout"
RELEASE = "helm-lookout"
SERVICE = f"{RELEASE}.{NAMESPACE}.svc.cluster.local:{PORT}"
# Of what comes and goes by itself.
FLEETING = {"events", "events.events.k8s.io", "leases.coordination.k8s.io", "componentstatuses"}


class Bench:
    def __init__(self, binaries, images, archive, folder):
        self.node = Node(binaries, images, folder / "node")
        self.archive = archive
        self.folder = folder
        self.prometheus = Prometheus(self.node, CHART / "rules/helm-lookout.yaml", SERVICE,
                                     folder / "prometheus")
        self.repository = None

    def start(self):
        self.node.start()
        self.node.import_image(self.archive)
        self.node.kubectl("-n", "kube-system", "rollout", "status", "deployment/coredns",
                          "--timeout=60s")
        self.serve_charts()
        self.prometheus.start()

    def stop(self):
        try:
            self.prometheus.stop()
        finally:
            self.node.stop()

    def serve_charts(self):
        """A repository by `helm repo index`, at the node's address."""
        root = self.folder / "charts"
        helm = Helm(self.node.bin / "helm3", self.folder / "helm")
        helm.repository(root, {"webserver": ["1.0.0", "1.1.0", Version("1.2.0", "5.2")]})
        self.repository = self.node.spawn(
            self.folder / "charts.log", "python3", "-m", "http.server", "-d", root, "--bind",
            settings.ADDRESS, REPOSITORY_PORT)

    def make_namespace(self, name):
        """One that refuses pods which are not Pod Security "restricted"."""
        self.node.kubectl("create", "namespace", name)
        self.node.kubectl("label", "namespace", name,
                          "pod-security.kubernetes.io/enforce=restricted")

    def install_lookout(self, major, *flags):
        """As README says, with the repository; returns when the Service answers."""
        repository = {"name": "team", "url": f"http://{settings.ADDRESS}:{REPOSITORY_PORT}",
                      "interval": "5s"}
        self.node.helm(major, "upgrade", "--install", RELEASE, CHART, "-n", NAMESPACE,
                       "--wait", "--timeout", "90s", "--set-json",
                       f"repositories={json.dumps([repository])}", *flags)
        wait_for("the Service answers", self.ask, 20)  # kube-proxy hears of pods a little later

    def pods(self):
        return self.node.objects("pods", "-n", NAMESPACE, "-l",
                                 "app.kubernetes.io/name=helm-lookout")

    def only_pod(self):
        (pod,) = [pod for pod in self.pods() if "deletionTimestamp" not in pod["metadata"]]
        return pod

    def service_address(self):
        service = self.node.kubectl("get", "service", RELEASE, "-n", NAMESPACE, "-o", "json")
        return json.loads(service)["spec"]["clusterIP"]

    def samples(self, address=None):
        """By the Service's own address, through kube-proxy."""
        status, body = self.node.fetch((address or self.service_address(), PORT), "/metrics",
                                       {"Accept": "text/plain"})
        assert status == 200, status
        return parse_samples(body.decode())

    def ask(self, headers=None):
        """The status of a request for the metrics; None when nobody answers."""
        try:
            return self.node.fetch((self.service_address(), PORT), "/metrics", headers)[0]
        except OSError:
            return None

    def settle(self, seconds=30, namespaces=None):
        """Waits until the release metrics equal the Secrets that Helm wrote (there)."""
        last = {}

        def equal():
            last["expected"] = truth.expected_samples(self.release_secrets(namespaces))
            try:
                got = release_samples(self.samples())
            except OSError:
                return False  # nobody serves it at this moment
            last["got"] = {key: value for key, value in got.items()
                           if not FROM_REPOSITORIES.match(key[0])}
            return last["expected"] == last["got"]
        try:
            wait_for("metrics equal the Secrets", equal, seconds, 0.2)
        except AssertionError:
            raise AssertionError(truth.difference(last["expected"], last.get("got", {}))) from None

    def release_secrets(self, namespaces=None):
        listed = self.node.objects("secrets", "-A", "-l", "owner=helm", "--field-selector",
                                   "type=helm.sh/release.v1")
        return [each for each in listed
                if namespaces is None or each["metadata"]["namespace"] in namespaces]

    def everything(self):
        """{kind/namespace/name} of every object of the cluster."""
        kinds = self.node.kubectl("api-resources", "--verbs=list", "-o", "name").split()
        listed = self.node.kubectl(
            "get", ",".join(sorted(set(kinds) - FLEETING)), "-A", "-o", "jsonpath={range .items[*]}"
            "{.kind}/{.metadata.namespace}/{.metadata.name}{\"\\n\"}{end}")
        return set(listed.split())

    def nothing_left(self, before):
        """Waits until the cluster holds what it held before."""
        last = {}

        def same():
            last["now"] = self.everything()
            return last["now"] == before
        try:
            wait_for("the cluster as before", same, 40, 0.5)
        except AssertionError:
            raise AssertionError(f"left behind: {sorted(last['now'] - before)}, gone: "
                                 f"{sorted(before - last['now'])}") from None


FROM_REPOSITORIES = re.compile(
    "helm_release_(outdated|latest|chart_missing|chart_deprecated|versions_behind)")


class Forward:
    """`kubectl port-forward` from this machine, outside of the node; `port` on loopback."""

    def __init__(self, node, *target):
        self.process = subprocess.Popen(
            [node.bin / "kubectl", "--kubeconfig", node.kubeconfig, "port-forward", *target,
             f":{PORT}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            preexec_fn=die_with_parent)
        line = self.process.stdout.readline()  # comes once it listens, or never with the end
        match = re.search(r"127\.0\.0\.1:(\d+)", line)
        assert match, f"no port in {line!r}"
        self.port = int(match[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(5)


class Watcher:
    """Asks the Service for metrics all the time, a second at most each time; `gap_seconds` is the
    longest time without an answer."""

    def __init__(self, bench):
        self.node, self.address = bench.node, (bench.service_address(), PORT)
        self.ending = threading.Event()
        self.answers, self.gap_seconds = 0, 0.0
        self.thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()

    def _watch(self):
        last = time.monotonic()
        while not self.ending.wait(0.05):
            try:
                answered = self.node.fetch(self.address, "/metrics", seconds=1)[0] == 200
            except OSError:
                answered = False
            now = time.monotonic()
            if answered:
                self.answers += 1
                self.gap_seconds = max(self.gap_seconds, now - last)
                last = now
        self.gap_seconds = max(self.gap_seconds, time.monotonic() - last)
