"""API servers that the sections measure against, controllers and informers beside them, and a relay
that counts bytes."""

import http.client
import json
import re
import select
import socket
import subprocess
import threading
import time

from cluster import free_ports, wait_for
from control_plane import ControlPlane
from measuring import (BINARIES, CLIENT_CORE, LOOKOUT, PEER, SERVER_CORE, Commanded, Process, output)


def write_kubeconfig(path, url, user=None, **cluster):
    path.write_text(json.dumps({
        "apiVersion": "v1", "kind": "Config", "current-context": "x",
        "clusters": [{"name": "c", "cluster": {"server": url, **cluster}}],
        "users": [{"name": "u", "user": user or {}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}]}))
    return path


class RealCluster(ControlPlane):
    """A real API server on the servers' core, with releases written straight into its etcd."""

    def __init__(self, bench, pinned=True):
        super().__init__(bench.servers, bench.folder / "cluster")
        self.dir.mkdir()
        self.pinned = pinned

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def _spawn(self, name, *arguments):
        process = super()._spawn(name, *arguments)
        if self.pinned:
            subprocess.run(["taskset", "-a", "-p", "-c", str(SERVER_CORE), str(process.pid)],
                           check=True, capture_output=True)
        return process

    def seed(self, releases, revisions, *charts):
        """What was written; returns once the API server has seen it all."""
        told = json.loads(output(PEER, "seed", self.kubeconfig, f"127.0.0.1:{self.etcd_port}",
                                 releases, revisions, *charts))
        wait_for("the seeded Secrets", lambda: self.objects() == releases * revisions, 120)
        return told

    def objects(self):
        """How many Secrets there are, as its watch cache has them by now."""
        listed = self.api("GET", "/api/v1/secrets?limit=1")
        return len(listed["items"]) + listed["metadata"].get("remainingItemCount", 0)

    def kubeconfig_of(self, port):
        """The same API server, or another one of its etcd, by way of that port."""
        return write_kubeconfig(
            self.dir / f"{port}.kubeconfig", f"https://127.0.0.1:{port}",
            {"token": self.admin_token},
            **{"certificate-authority": str(self.dir / "pki/apiserver.crt")})


class FakeCluster(Commanded):
    """The fake API server of bench_api_server, all of whose releases have one payload."""

    def __init__(self, bench, releases, payload):
        super().__init__(BINARIES / "bench_api_server", releases, payload)
        self.port = int(self.address.rsplit(":", 1)[1])
        self.kubeconfig = write_kubeconfig(bench.folder / f"fake-{self.port}.kubeconfig",
                                           self.address)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def mark(self, number):
        """The monotonic time at which a marker release got this revision."""
        return int(self.ask(f"mark {number}")) / 1e9


class Controller(Process):
    """helm-lookout on free ports of loopback."""

    def __init__(self, kubeconfig, *flags, core=CLIENT_CORE, **options):
        self.metrics_port, self.health_port = free_ports(2)
        super().__init__(
            LOOKOUT, "--metrics-bind-address", f"127.0.0.1:{self.metrics_port}",
            "--health-probe-bind-address", f"127.0.0.1:{self.health_port}", "--log-level", "error",
            *(["--kubeconfig", kubeconfig] if kubeconfig else []), *flags, core=core, **options)
        self.scrapes = http.client.HTTPConnection("127.0.0.1", self.metrics_port, timeout=30)

    def health(self, path):
        """Whether it answers 200; one connection a question, as kubelets do."""
        connection = http.client.HTTPConnection("127.0.0.1", self.health_port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def wait_health(self, path, seconds=120, every=0.01):
        """Seconds from its start until the path answers 200."""
        deadline = time.monotonic() + seconds
        while not self.health(path):
            assert self.running() and time.monotonic() < deadline, path
            time.sleep(every)
        return time.monotonic() - self.began

    def wait_ready(self, seconds=120):
        return self.wait_health("/readyz", seconds)

    def scrape(self, path="/metrics"):
        self.scrapes.request("GET", path)
        answer = self.scrapes.getresponse()
        assert answer.status == 200, answer.status
        return answer.read()

    def metric(self, name):
        """The sum over a family of its own."""
        text = self.scrape("/metrics/self").decode()
        return sum(float(value) for value in
                   re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", text, re.M))


class Informer(Process):
    """client-go following releases; its lines with the times at which they came."""

    def __init__(self, kind, kubeconfig, core=CLIENT_CORE, **options):
        super().__init__(PEER, "follow", kind, kubeconfig, core=core, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **options)
        self.lines = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.child.stdout:
            self.lines.append((time.monotonic(), line.strip()))

    def when(self, line):
        return next((at for at, told in self.lines if told == line), None)

    def wait(self, line, seconds=60):
        return wait_for(f"client-go: {line}", lambda: self.when(line), seconds, every=0.002)

    def requests(self):
        return [at for at, told in self.lines if told == "request"]


class Relay:
    """Copies bytes between its port and another one of loopback, and counts those that come back."""

    def __init__(self, port, mute=False):
        self.target, self.received, self.refused, self.open = port, 0, 0, True
        self.mute = mute  # takes connections and says nothing
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.pairs = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.mute:
                self.pairs.append(near)
                continue
            try:
                assert self.open
                far = socket.create_connection(("127.0.0.1", self.target))
            except (AssertionError, OSError):
                self.refused += 1
                near.close()
                continue
            self.pairs += [near, far]
            threading.Thread(target=self._copy, args=(near, far), daemon=True).start()

    def _copy(self, near, far):
        try:
            while True:
                for ready in select.select([near, far], [], [])[0]:
                    piece = ready.recv(1 << 18)
                    if not piece:
                        return
                    if ready is far:
                        self.received += len(piece)
                    (near if ready is far else far).sendall(piece)
        except (OSError, ValueError):
            pass
        finally:
            near.close(), far.close()

    def cut(self):
        """Every connection ends, and none is let through until mend()."""
        self.open = False
        for each in self.pairs:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.pairs = []

    def mend(self):
        self.open = True

    def close(self):
        self.cut()
        self.listener.close()
