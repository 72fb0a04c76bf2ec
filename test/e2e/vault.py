"""A cluster full of marked secrets, the product beside it, and everything that it says."""

import gzip
import json
import subprocess

import release_secrets
from canaries import Canaries
from cluster import Cluster, wait_for
from hostile_server import HostileServer
from scanning import Scanning, clean_environment
from servers import Authority

PATHS = ("/metrics", "/metrics/self", "/", "/charts", "/charts?chart=web", "/style.css",
         "/api/v1/releases", "/api/v1/repositories", "/api/v1/charts", "/readyz?verbose",
         "/healthz", "/no-such-path")
ACCEPTED = ("text/plain", "application/openmetrics-text; version=1.0.0",
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily")
LOGGED = ("--log-level=debug",)


class Vault:
    """What the tests share: a cluster full of secrets, and a server that repeats what it is told."""

    def __init__(self, binary, servers, folder):
        self.binary, self.folder = binary, folder
        self.secrets = Canaries()
        self.cluster = Cluster(servers, folder)
        self.cluster.admin_token = self.secrets.plant("token of the API server")
        self.authority = Authority(folder / "authority")
        self.launched, self.hostile = [], []

    def start(self):
        self.cluster.start()
        self.cluster.kubectl("create", "namespace", release_secrets.NAMESPACE)
        self.releases = {name: release_secrets.document(self.secrets, name)
                         for name in ("one", "two")}
        # What may be shown: with it the search proves that it finds something.
        self.shown_chart = self.secrets.plant("shown chart")
        self.shown_label = self.secrets.plant("shown label")
        self.releases["shown"] = release_secrets.document(self.secrets, "shown", self.shown_chart)
        self.payloads = {name: release_secrets.payload(json.dumps(release))
                         for name, release in self.releases.items()}
        for name, release in {**self.payloads, **release_secrets.damaged(self.secrets)}.items():
            labels = {"shown": self.shown_label} if name == "shown" else {}
            self.post(release_secrets.secret(self.secrets, name, release, labels=labels))
        for each in release_secrets.foreign(self.secrets):
            self.post(each)

    def post(self, secret):
        manager = self.secrets.plant("field manager")
        self.cluster.api("POST", f"/api/v1/namespaces/{release_secrets.NAMESPACE}/secrets"
                         f"?fieldManager={manager}", secret)

    def hostile_server(self, tls=False):
        server = HostileServer(self.secrets.plant("what the server knows"),
                               self.authority.issue("hostile") if tls else None)
        self.hostile.append(server)
        return server

    def launch(self, *flags, kubeconfig="", repositories=(), environment=None, **settings):
        """helm-lookout that says all it can; on the cluster unless told otherwise."""
        launched = Scanning(self.binary, self.folder, list(repositories), *LOGGED, *flags,
                            kubeconfig=self.cluster.kubeconfig if kubeconfig == "" else kubeconfig,
                            environment=environment, **settings)
        self.launched.append(launched)
        return launched

    def command(self, *arguments, environment=None, stdin=None, seconds=60):
        """(exit code, everything it said) of a command."""
        done = subprocess.run([self.binary, *map(str, arguments)], capture_output=True,
                              timeout=seconds, input=stdin,
                              env=clean_environment(self.folder, environment))
        return done.returncode, done.stdout + done.stderr

    def write(self, name, text):
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def assert_told_nothing(self, lookout, *expected, headers=None):
        """All pages and the log hold none of the secrets but those expected, and those they do."""
        leaked = set()
        for what, text in everything_told(lookout, headers or {}):
            found = self.secrets.leaks(text)
            assert set(found) <= set(expected), f"{what} tells {sorted(set(found) - set(expected))}"
            leaked |= set(found)
        assert leaked == set(expected), f"not found: {set(expected) - leaked}"

    def stop(self):
        for each in self.launched:
            each.kill()
        for each in self.hostile:
            each.stop()
        self.cluster.stop()


def everything_told(lookout, headers):
    """(what, bytes) of every page in every format, header fields too, and of the log."""
    for path in PATHS:
        for port in (lookout.metrics_port, lookout.health_port):
            for accept in ACCEPTED:
                for coding in ("identity", "gzip"):
                    _, fields, body = lookout.get(path, port, {
                        "Accept": accept, "Accept-Encoding": coding, **headers})
                    if fields["Content-Encoding"] == "gzip":
                        body = gzip.decompress(body)
                    yield f"{path} as {accept}", str(fields).encode() + body
    yield lookout.log_path.name, lookout.log_path.read_bytes()


def settled(lookout, text, path="/metrics", seconds=30):
    """Waits until a page says `text`."""
    def says():
        try:
            return text in lookout.get(path)[2].decode()
        except OSError:
            assert lookout.process.poll() is None, lookout.log_path.read_text()[-2000:]
            return False
    wait_for(f"{text} at {path}", says, seconds)
    return lookout
