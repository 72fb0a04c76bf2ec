"""Who may read the metrics endpoint: TLS, client certificates, static tokens and the cluster's own
rules, against a real API server and a real Prometheus.

endpoint.py [--full] BINARY SERVER_BINARIES [WORD...]: runs the tests whose name holds a word; ends
with the line "endpoint: N passed, N failed". --full waits until answers of the API server have run
out.
"""

import json
import pathlib
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

import cases_endpoint
import cases_hostile_clients
import runner
from cluster import Cluster
from lookout import Lookout, parse_samples
from servers import Authority

NAMESPACE = "monitoring"


class Endpoint(Lookout):
    """helm-lookout whose metrics are asked for with credentials of all kinds."""

    authority = None  # what its certificate is checked with; None: plain HTTP

    def ask(self, path="/metrics", token=None, pair=None, method="GET"):
        """(status, headers, body); `pair` is a client certificate with its key."""
        scheme, context = "http", None
        if self.authority:
            scheme, context = "https", ssl.create_default_context(cafile=self.authority)
            if pair:
                context.load_cert_chain(*pair)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(f"{scheme}://localhost:{self.metrics_port}{path}",
                                         headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20, context=context) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers, refused.read()

    def status(self, *arguments, **named):
        return self.ask(*arguments, **named)[0]

    def count(self, result, **credentials):
        samples = parse_samples(self.ask("/metrics/self", **credentials)[2].decode())
        return samples["helm_lookout_auth_requests_total", frozenset({("result", result)})]


class Gatehouse:
    """What the tests share: a cluster with service accounts, and certificates."""

    def __init__(self, binary, servers, folder, full):
        self.binary, self.folder, self.full = binary, folder, full
        self.cluster = Cluster(servers, folder)
        self.authority = Authority(folder / "authority")
        self.clients = Authority(folder / "clients")
        self.launched = []

    def start(self):
        self.cluster.start()
        self.pair = self.authority.issue("helm-lookout")
        kubectl = self.cluster.kubectl
        kubectl("create", "namespace", NAMESPACE)
        for name in ("helm-lookout", "scraper", "viewer", "stranger", "leaver"):
            kubectl("create", "serviceaccount", name, "-n", NAMESPACE)
        self.restore_role()
        self.apply(role("scraper", [{"nonResourceURLs": ["/metrics", "/metrics/self"],
                                     "verbs": ["get"]}]))
        self.apply(role("viewer", [{"nonResourceURLs": [
            "/", "/charts", "/charts.js", "/style.css", "/helm-lookout/api/v1/*"],
            "verbs": ["get"]}]))
        self.bind("helm-lookout", "helm-lookout")
        self.bind("scraper", "scraper")
        self.bind("viewer", "viewer")
        self.kubeconfig = self.folder / "role.kubeconfig"
        self.cluster.write_kubeconfig(self.kubeconfig, self.token("helm-lookout"))

    def stop(self):
        for each in self.launched:
            each.kill()
        self.cluster.stop()

    def apply(self, thing):
        self.cluster.kubectl("apply", "-f", "-", stdin=json.dumps(thing))

    def restore_role(self):
        """Releases, and reviews of whoever asks."""
        self.apply(role("helm-lookout", [
            {"apiGroups": ["authentication.k8s.io"], "resources": ["tokenreviews"],
             "verbs": ["create"]},
            {"apiGroups": ["authorization.k8s.io"], "resources": ["subjectaccessreviews"],
             "verbs": ["create"]},
            {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list", "watch"]}]))

    def bind(self, cluster_role, account):
        self.cluster.kubectl("create", "clusterrolebinding", account,
                             f"--clusterrole={cluster_role}",
                             f"--serviceaccount={NAMESPACE}:{account}")

    def token(self, account, *flags):
        return self.cluster.kubectl("create", "token", account, "-n", NAMESPACE, *flags).strip()

    def launch(self, *flags, tls=False, kubeconfig=None, ready=True):
        if tls:
            flags += ("--tls-cert-file", self.pair[0], "--tls-private-key-file", self.pair[1])
        launched = Endpoint(self.binary, self.folder, kubeconfig or self.kubeconfig, *flags)
        launched.authority = self.authority.certificate if tls else None
        self.launched.append(launched)
        return launched.wait_ready() if ready else launched

    def exit_of(self, *flags):
        """(exit code, what it said) of a start that fails."""
        done = subprocess.run([self.binary, "--kubeconfig", self.kubeconfig,
                               "--metrics-bind-address", "127.0.0.1:0",
                               "--health-probe-bind-address", "127.0.0.1:0", *flags],
                              capture_output=True, text=True, timeout=20)
        return done.returncode, done.stderr


def role(name, rules):
    return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
            "metadata": {"name": name}, "rules": rules}


def main():
    words = sys.argv[1:]
    full = words[0] == "--full"
    binary, servers, *words = words[full:]
    chosen = runner.choose(runner.tests_of(cases_endpoint, cases_hostile_clients), words)
    return runner.run_in_folder("endpoint", chosen, lambda folder: Gatehouse(
        pathlib.Path(binary).resolve(), servers, folder, full))


if __name__ == "__main__":
    sys.exit(main())
