"""A real cluster whose parts can be lost: more API servers on its etcd, each of which can be killed
and started again, histories that are compacted, an etcd that goes back to a copy of its data."""

import http.client
import json
import shutil
import signal
import ssl
import urllib.request

from cluster import Cluster, free_ports

# Without a watch cache for Secrets etcd answers itself: pages are read, and expire, there.
WITHOUT_CACHE = ("--feature-gates=WatchList=false", "--watch-cache-sizes=secrets#0")


class ControlPlane(Cluster):
    def __init__(self, binaries, folder):
        super().__init__(binaries, folder)
        self.others = {}  # port: process

    def another_api_server(self, *flags):
        """The port of one more, whose watch cache begins with what is there now."""
        (port,) = free_ports(1)
        # Two of the same host must not fight for the one address of the service `kubernetes`.
        self.others[port] = self.start_api_server(port, "--endpoint-reconciler-type=none", *flags)
        return port

    def retire(self, port):
        self.kill(self.others.pop(port))

    def kill(self, process):
        process.kill()
        process.wait()
        self.processes.remove(process)

    def restart_api_server(self):
        """As after a crash: whoever was connected is cut off without a word."""
        self.kill(self.server)
        self.server = self.start_api_server(self.port)

    def revision(self):
        return int(self.api("GET", "/api/v1/secrets?limit=1")["metadata"]["resourceVersion"])

    def compact(self):
        """etcd forgets all versions but the most recent; the revision it was done at."""
        revision = self.revision()
        request = urllib.request.Request(f"{self.etcd_url}/v3/kv/compaction",
                                         data=json.dumps({"revision": revision}).encode())
        urllib.request.urlopen(request).read()
        return revision

    def back_up(self):
        """What a disk holds when a machine stops: etcd recovers from that."""
        self.etcd.send_signal(signal.SIGSTOP)
        try:
            shutil.copytree(self.dir / "etcd", self.dir / "backup")
        finally:
            self.etcd.send_signal(signal.SIGCONT)

    def restore(self):
        """The servers with the data of back_up(); resourceVersions are those of then again."""
        for port in list(self.others):
            self.retire(port)
        for process in (self.controllers, self.server, self.etcd):
            self.kill(process)
        shutil.rmtree(self.dir / "etcd")
        shutil.move(self.dir / "backup", self.dir / "etcd")
        self.start_etcd()
        self.server = self.start_api_server(self.port)
        self.start_controllers()

    def connection(self, port=None):
        return ApiConnection(port or self.port)



class ApiConnection:
    """One kept connection to an API server as admin, for many requests in a row."""

    def __init__(self, port):
        self.connection = http.client.HTTPSConnection(
            "127.0.0.1", port, context=ssl._create_unverified_context(), timeout=60)

    def send(self, method, path, body=None, kind="application/json"):
        """(status, parsed body)."""
        self.connection.request(method, path, None if body is None else json.dumps(body), {
            "Authorization": "Bearer admin-token", "Content-Type": kind})
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")

    def must(self, method, path, body=None, kind="application/json"):
        status, told = self.send(method, path, body, kind)
        assert status < 300, f"{method} {path}: {status} {told}"
        return told

    def first_event(self, version):
        """The first line of a watch of all Secrets from this version on, {} when none comes."""
        self.connection.request(
            "GET", f"/api/v1/secrets?watch=true&resourceVersion={version}&timeoutSeconds=1"
            "&labelSelector=owner%3Dhelm", None, {"Authorization": "Bearer admin-token"})
        line = self.connection.getresponse().read().split(b"\n")[0]
        return json.loads(line or b"{}")
