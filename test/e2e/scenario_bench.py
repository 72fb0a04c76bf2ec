"""A real control plane that can be hurt, and controllers that watch it through a Recorder; one more
looks straight at the API server all the time."""

import contextlib
import json
from concurrent.futures import ThreadPoolExecutor

import truth
from cluster import wait_for
from control_plane import ControlPlane
from e2e import Bench
from lookout import Lookout, parse_samples, release_samples
from recorder import Recorder
from plain_releases import path_of, release_secret

RELEASES, REVISIONS = 50, 3
NAMESPACE = "filled"


class Watched:
    """A controller behind a recorder."""

    def __init__(self, bench, recorder):
        self.bench, self.recorder = bench, recorder
        self.launch()

    def launch(self):
        url = self.recorder.url
        kubeconfig = self.bench.folder / f"recorded-{url.rsplit(':', 1)[1]}.kubeconfig"
        kubeconfig.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "x",
            "clusters": [{"name": "c", "cluster": {"server": url}}],
            "users": [{"name": "u", "user": {}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}]}))
        self.lookout = Lookout(self.bench.binary, self.bench.folder, kubeconfig,
                               "--release-labels", "*")
        self.bench.launched.append(self.lookout)

    def own(self, family, **labels):
        """The sum of the family's samples that have these labels."""
        samples = parse_samples(self.lookout.get("/metrics/self")[2].decode())
        return sum(value for (name, found), value in samples.items()
                   if name == family and labels.items() <= dict(found).items())

    def reconnect(self, port=None, while_away=lambda: None):
        """How many requests came before the connection was lost."""
        self.recorder.cut()
        before = len(self.recorder.asked)
        while_away()
        self.recorder.open(port)
        return before

    def settle(self):
        self.bench.settle(self.lookout)

    def informer(self, since=0):
        """The requests of the informer, without the payloads'."""
        return self.recorder.of("watch list", "list", "watch", "probe", since=since)


class Scenarios(Bench):
    def __init__(self, binary, servers, folder):
        super().__init__(binary, servers, folder)
        self.cluster = ControlPlane(servers, folder)
        self.junk = 0

    def start(self):
        super().start()
        self.cluster.kubectl("create", "namespace", NAMESPACE)
        self.api = self.cluster.connection()
        for i in range(RELEASES):
            for revision in range(1, REVISIONS + 1):
                status = "deployed" if revision == REVISIONS else "superseded"
                self.create(f"app-{i}", revision, status)
        self.lookout.wait_ready()

    def create(self, name, revision, status="deployed", **more):
        self.api.must("POST", f"/api/v1/namespaces/{NAMESPACE}/secrets",
                      release_secret(NAMESPACE, name, revision, status, **more))

    def delete(self, name, revision):
        self.api.must("DELETE", path_of(NAMESPACE, name, revision))

    def write_elsewhere(self, times=1):
        """Something that is no release: the resourceVersion moves on, no stream says so."""
        for _ in range(times):
            self.junk += 1
            self.api.must("POST", "/api/v1/namespaces/default/configmaps",
                          {"metadata": {"name": f"junk-{self.junk}"}})

    @contextlib.contextmanager
    def watched(self, port=None, change=None, hold=None, ready=True):
        """A controller behind a recorder, stopped at the end."""
        recorder = Recorder(port or self.cluster.port)
        recorder.change = change
        if hold:
            recorder.hold(hold)
        watched = Watched(self, recorder)
        try:
            if ready:
                watched.lookout.wait_ready()
            yield watched
            watched.lookout.stop()
        finally:
            watched.lookout.kill()
            recorder.stop()

    @contextlib.contextmanager
    def another_server(self, *flags):
        """The port of an API server that has just started."""
        port = self.cluster.another_api_server(*flags)
        try:
            yield port
        finally:
            if port in self.cluster.others:
                self.cluster.retire(port)

    def in_parallel(self, work, items, threads=4):
        """work(API CONNECTION, ITEM) for each, on connections of their own."""
        items = list(items)
        def run(mine):
            api = self.cluster.connection()
            for each in mine:
                work(api, each)
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, [items[i::threads] for i in range(threads)]))

    def settle(self, *lookouts, seconds=60):
        """Waits until these controllers show what the server holds, and the one that looks straight
        at it as well."""
        last = {}

        def equal(lookout):
            labels = "--release-labels" in lookout.command
            last["expected"] = truth.expected_samples(self.cluster.release_secrets(), labels)
            last["got"] = release_samples(lookout.samples())
            return last["expected"] == last["got"]

        for lookout in (*lookouts, self.lookout):
            try:
                wait_for("metrics equal the Secrets", lambda: equal(lookout), seconds)
            except AssertionError:
                raise AssertionError(f"{lookout.log_path}:\n" + truth.difference(
                    last["expected"], last["got"])) from None
