"""helm-lookout-sandbox as a process, driven through its control door (test/fakes/README.md)."""

import http.client
import json
import os
import pathlib
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "e2e"))
from cluster import free_ports, wait_for  # noqa: E402

SELECTED = "fieldSelector=type%3Dhelm.sh%2Frelease.v1&labelSelector=owner%3Dhelm"
OF_SANDBOX = "the settings that the sandbox wrote"
METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"


class Sandbox:
    def __init__(self, binary, folder, *flags):
        self.port, self.control_port = free_ports(2)
        self.kubeconfig = folder / f"sandbox-{self.port}.kubeconfig"
        self.settings = folder / f"sandbox-{self.port}.yaml"
        self.log_path = folder / f"sandbox-{self.port}.log"
        self.command = [binary, "--port", self.port, "--control-port", self.control_port,
                        "--kubeconfig-out", self.kubeconfig, "--settings-out", self.settings,
                        *flags]
        self.process = None

    def start(self):
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([str(part) for part in self.command], stdout=log,
                                            stderr=log)
        wait_for("the sandbox", self.is_up, 120)
        return self

    def is_up(self):
        assert self.process.poll() is None, self.log_path.read_text()
        return self.kubeconfig.exists()

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def ask(self, method, path, body=None, port=None, accept="*/*"):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.control_port, timeout=60)
        try:
            connection.request(method, path, body, {"Accept": accept})
            answer = connection.getresponse()
            told = answer.read().decode()
            assert answer.status == 200, f"{method} {path}: {answer.status} {told}"
            return told
        finally:
            connection.close()

    def control(self, method, name, body=None, **query):
        asked = "?" + urllib.parse.urlencode(query) if query else ""
        return self.ask(method, f"/sandbox/{name}{asked}", body)

    def inject(self, *lines):
        self.control("POST", "faults", "\n".join(lines))

    def pace(self, per_second=None, churn=None, fault_every=None):
        wanted = {"changes-per-second": per_second, "churn": churn, "fault-every": fault_every}
        self.control("POST", "pace", **{key: value for key, value in wanted.items()
                                        if value is not None})

    def probe(self):
        """Writes the next revision of default/lag-probe; its number."""
        return json.loads(self.control("POST", "probe"))["revision"]

    def state(self):
        return json.loads(self.control("GET", "state"))

    def secrets(self):
        """Every release Secret, superseded ones without data. Faults hit this like any other LIST."""
        def listed(selector, accept):
            return json.loads(self.ask("GET", f"/api/v1/secrets?{SELECTED}{selector}",
                                       port=self.port, accept=accept))["items"]

        return (listed("%2Cstatus%21%3Dsuperseded", "application/json") +
                listed("%2Cstatus%3Dsuperseded", METADATA))


def pin(process, core):
    """Every thread of the process, and those they start, on one core."""
    for task in pathlib.Path(f"/proc/{process.pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), {core})
