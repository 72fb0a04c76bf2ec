"""The sandbox as a cluster of any size, and a controller's life on it: what memory is measured
by."""

import subprocess
import time

from cluster import free_ports, wait_for


class FakeCluster:
    """The fake API server with releases that change, and its two chart repositories."""

    def __init__(self, sandbox, folder, releases, revisions, churn):
        self.port = free_ports(1)[0]
        self.kubeconfig = folder / f"fake-{releases}x{revisions}.kubeconfig"
        self.settings = folder / f"fake-{releases}x{revisions}.yaml"
        self.command = [sandbox, "--port", str(self.port), "--releases", str(releases),
                        "--revisions", str(revisions), "--namespaces", "50",
                        "--kubeconfig-out", self.kubeconfig, "--settings-out", self.settings,
                        "--share-payloads", "--quiet"]
        self.churn = churn
        self.process = None

    def start(self, seed=1, churn=None):
        self.kubeconfig.unlink(missing_ok=True)
        chosen = ["--seed", seed, "--churn-per-second", self.churn if churn is None else churn]
        self.process = subprocess.Popen([str(part) for part in self.command + chosen],
                                        stdout=subprocess.DEVNULL)
        wait_for("the sandbox", self.kubeconfig.exists, 60)
        return self

    def replace(self):
        """As an etcd that was restored from elsewhere: every object is another one, and the
        resourceVersion went back, where it stays since nothing changes any more."""
        self.stop()
        self.start(seed=2, churn=0)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def live(lookout, seconds):
    """Scrapes in every format and looks at the page while releases change."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for accept, coding in (("text/plain", "identity"), ("text/plain", "gzip"),
                               ("application/openmetrics-text", "gzip")):
            lookout.get("/metrics", headers={"Accept": accept, "Accept-Encoding": coding})
        lookout.get("/charts")
        time.sleep(0.1)


def relists(lookout):
    return sum(value for (family, _), value in lookout.samples().items()
               if family == "helm_lookout_relists_total")


def live_through_everything(lookout, cluster, seconds):
    """Changes and scrapes, then a relist in which everything differs, and scrapes."""
    live(lookout, seconds)
    before = relists(lookout)
    cluster.replace()
    wait_for("a relist", lambda: relists(lookout) > before, 90, every=0.5)
    live(lookout, seconds)
