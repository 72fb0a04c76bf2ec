"""Sharding and `helm-lookout plan` on a real API server with real Helm releases.

sizing.py BINARY SERVER_BINARIES SANDBOX [WORD...]: the tests of cases_shards.py and cases_plan.py
whose name holds a WORD.
"""

import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import cases_plan
import cases_shards
import runner
from e2e import Bench
from lookout import Lookout

NAMESPACES = [f"team-{i}" for i in range(12)]
RELEASES_EACH = 3
CHART = {"created": "2024-05-06T07:08:09Z", "appVersion": "2.4.60", "urls": ["webserver.tgz"]}


class Charts(http.server.SimpleHTTPRequestHandler):
    """A chart repository: below /plain/ the server knows no 304, elsewhere it does."""

    def send_head(self):
        if self.path.startswith("/plain/"):
            del self.headers["If-Modified-Since"]
        return super().send_head()

    def send_header(self, name, value):
        if not (name == "Last-Modified" and self.path.startswith("/plain/")):
            super().send_header(name, value)

    def log_message(self, *_):
        pass


class Fleet(Bench):
    """A cluster of many namespaces whose releases come from a chart repository on loopback."""

    def __init__(self, binary, servers, sandbox, folder):
        super().__init__(binary, servers, folder)
        self.sandbox = sandbox

    def start(self):
        super().start()
        self.lookout.kill()  # each test has controllers of its own
        self.lookout = None
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda i: self.install(3 + i % 2, f"app-{i}", NAMESPACES[i % 12]),
                          range(12 * RELEASES_EACH)))
        self.install(3, "app-0", NAMESPACES[0], "--set", "key=other")
        self.break_payload(NAMESPACES[1])
        self.serve_charts()

    def break_payload(self, ns):
        self.cluster.api("POST", f"/api/v1/namespaces/{ns}/secrets", {
            "metadata": {"name": "sh.helm.release.v1.bad.v1", "namespace": ns,
                         "labels": {"owner": "helm", "name": "bad", "status": "deployed",
                                    "version": "1"}},
            "type": "helm.sh/release.v1", "data": {"release": "bm90IGd6aXA="}})

    def serve_charts(self):
        root = self.folder / "charts"
        for name in ("known", "plain"):
            (root / name).mkdir(parents=True)
            versions = [{"name": "webserver", "version": version, **CHART}
                        for version in ("1.2.0", "1.1.0")]
            (root / name / "index.yaml").write_text(json.dumps(
                {"apiVersion": "v1", "entries": {"webserver": versions}}))
        self.charts = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), lambda *given: Charts(*given, directory=str(root)))
        threading.Thread(target=self.charts.serve_forever, daemon=True).start()
        self.config = self.settings("settings.yaml", ["known"])

    def settings(self, name, repositories):
        """A settings file with these of the server's folders as repositories."""
        port = self.charts.server_address[1]
        path = self.folder / name
        path.write_text(json.dumps({"repositories": [
            {"name": each, "url": f"http://127.0.0.1:{port}/{each}", "interval": "1m"}
            for each in repositories]}))
        return path

    def launch_with(self, *flags, **environment):
        launched = Lookout(self.binary, self.folder, self.role_kubeconfig, *flags,
                           environment={**os.environ, **environment})
        self.launched.append(launched)
        return launched

    def plan(self, *flags, kubeconfig=None, timeout=60):
        """The process, ended."""
        command = [self.binary, "plan", "--kubeconfig", kubeconfig or self.role_kubeconfig, *flags]
        return subprocess.run([str(part) for part in command], capture_output=True, text=True,
                              timeout=timeout)

    def stop(self):
        if hasattr(self, "charts"):
            self.charts.shutdown()
        super().stop()


def main():
    binary, servers, sandbox = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3]
    chosen = runner.choose(runner.tests_of(cases_shards, cases_plan), sys.argv[4:])
    return runner.run_in_folder("sizing", chosen,
                                lambda folder: Fleet(binary, servers, sandbox, folder))


if __name__ == "__main__":
    sys.exit(main())
