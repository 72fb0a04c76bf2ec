"""SIGTERM in every state: helm-lookout ends within a second, and a scrape in flight gets its time.

stopping.py BINARY SANDBOX [WORD...]
"""

import json
import pathlib
import signal
import socket
import sys
import threading
import time

import runner
from cluster import wait_for
from fake_cluster import FakeCluster
from lookout import Lookout

ENDS_WITHIN_SECONDS = 1.0
SCRAPE_SECONDS = 0.5  # what a response in flight is given


class Silent:
    """Accepts, and answers nothing, or the head of a response and nothing more."""

    def __init__(self, answer=b""):
        self.answer, self.asked, self.open = answer, 0, []
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            self.open.append(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            while connection.recv(65536):
                self.asked += 1
                connection.sendall(self.answer)
        except OSError:
            pass

    def stop(self):
        for each in (self.socket, *self.open):
            each.close()


class Bench:
    """A cluster with enough releases that a start takes a while."""

    def __init__(self, binary, sandbox, folder):
        self.binary, self.folder = binary, folder
        self.cluster = FakeCluster(sandbox, folder, 10000, 2, 20)
        self.launched = []

    def start(self):
        self.cluster.start()

    def stop(self):
        for each in self.launched:
            each.kill()
        self.cluster.stop()

    def launch(self, url=None, *flags):
        kubeconfig = self.cluster.kubeconfig
        if url:
            kubeconfig = self.folder / f"kubeconfig-{len(self.launched)}"
            kubeconfig.write_text(json.dumps({
                "apiVersion": "v1", "kind": "Config", "current-context": "x",
                "contexts": [{"name": "x", "context": {"cluster": "c"}}],
                "clusters": [{"name": "c", "cluster": {"server": url}}]}))
        self.launched.append(Lookout(self.binary, self.folder, kubeconfig, *flags))
        return self.launched[-1]


def answers(lookout):
    try:
        return lookout.get("/healthz", lookout.health_port)[0] == 200
    except OSError:
        return False


def end(lookout):
    """Seconds from SIGTERM to the exit, which must be 0."""
    began = time.monotonic()
    lookout.process.send_signal(signal.SIGTERM)
    code = lookout.process.wait(10)
    assert code == 0, (code, lookout.log_path.read_text())
    return time.monotonic() - began


def self_value(lookout, family):
    text = lookout.get("/metrics/self")[2].decode()
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
               if line.startswith(family))


def test_R2_sigterm_while_listing(bench):
    """Waiting for the first list, before and after its head, it ends at once."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    for answer in (b"", head):
        server = Silent(answer)
        lookout = bench.launch(server.url)
        wait_for("the first list", lambda: server.asked and answers(lookout))
        took = end(lookout)
        server.stop()
        assert took <= ENDS_WITHIN_SECONDS, took


def test_R2_sigterm_while_backing_off(bench):
    """Between two attempts at a server that is down it ends at once."""
    lookout = bench.launch("http://127.0.0.1:1")
    wait_for("a failure", lambda: "watching fails" in lookout.log_path.read_text())
    wait_for("the servers", lambda: answers(lookout))
    took = end(lookout)
    assert took <= ENDS_WITHIN_SECONDS, took


def test_R2_sigterm_while_decoding(bench):
    """In the middle of reading and decoding payloads it ends at once."""
    lookout = bench.launch()
    wait_for("the first payloads", lambda: answers(lookout)
             and self_value(lookout, "helm_lookout_payload_fetch_total") > 0, every=0.01)
    took = end(lookout)
    assert took <= ENDS_WITHIN_SECONDS, took


def test_R2_sigterm_while_watching(bench):
    """Watching a cluster that changes it ends at once."""
    lookout = bench.launch().wait_ready(60)
    took = end(lookout)
    assert took <= ENDS_WITHIN_SECONDS, took


def test_R2_sigterm_during_scrapes(bench):
    """A scrape that is being read ends whole; one that nobody reads ends after half a second."""
    lookout = bench.launch().wait_ready(60)
    whole = len(lookout.metrics().encode())
    reader, sleeper = (socket.create_connection(("127.0.0.1", lookout.metrics_port))
                       for _ in range(2))
    sleeper.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    for each in (reader, sleeper):
        each.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        each.recv(1)  # under way, and far from done
    received = []

    def read():
        while data := reader.recv(1 << 20):
            received.append(len(data))
    began = time.monotonic()
    lookout.process.send_signal(signal.SIGTERM)
    thread = threading.Thread(target=read)
    thread.start()
    code = lookout.process.wait(10)
    took = time.monotonic() - began
    thread.join()
    assert code == 0 and took <= ENDS_WITHIN_SECONDS, (code, took)
    assert took >= SCRAPE_SECONDS * 0.9, took  # the sleeper was given its time
    assert sum(received) >= whole * 0.98, (sum(received), whole)
    for each in (reader, sleeper):
        each.close()


def main():
    binary, sandbox = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    chosen = runner.choose(runner.tests_of(sys.modules[__name__]), sys.argv[3:])
    return runner.run_in_folder("stopping", chosen, lambda folder: Bench(binary, sandbox, folder))


if __name__ == "__main__":
    sys.exit(main())
