"""The built binary as a process, and its metrics as values."""

import re
import signal
import subprocess
import urllib.request

from cluster import free_ports, wait_for

SAMPLE = re.compile(r'^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([^ ]+)$')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')


def parse_samples(text):
    """{(family, frozenset of label pairs): value} of a text exposition; no sample twice."""
    samples = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        match = SAMPLE.match(line)
        assert match, f"not a sample: {line!r}"
        labels = frozenset((k, v.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\"))
                           for k, v in LABEL.findall(match[2] or ""))
        assert (match[1], labels) not in samples, f"sample twice: {line}"
        samples[match[1], labels] = float(match[3])
    return samples


def release_samples(samples):
    return {key: value for key, value in samples.items() if key[0].startswith("helm_release_")}


class Lookout:
    """helm-lookout on free ports of loopback; stop() must end it with 0 within two seconds."""

    def __init__(self, binary, folder, kubeconfig, *flags, environment=None):
        self.metrics_port, self.health_port = free_ports(2)
        self.log_path = folder / f"lookout-{self.metrics_port}.log"
        self.command = [binary, "--metrics-bind-address", f"127.0.0.1:{self.metrics_port}",
                        "--health-probe-bind-address", f"127.0.0.1:{self.health_port}",
                        *(["--kubeconfig", kubeconfig] if kubeconfig else []), *flags]
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([str(part) for part in self.command], stdout=log,
                                            stderr=log, env=environment)

    def get(self, path, port=None, headers=None):
        """(status, headers, body) of one request."""
        request = urllib.request.Request(f"http://127.0.0.1:{port or self.metrics_port}{path}",
                                         headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers, refused.read()

    def metrics(self, accept="text/plain"):
        status, _, body = self.get("/metrics", headers={"Accept": accept})
        assert status == 200, status
        return body.decode()

    def samples(self):
        return parse_samples(self.metrics())

    def ready(self):
        assert self.process.poll() is None, f"it ended: {self.log_path.read_text()}"
        try:
            return self.get("/readyz", self.health_port)[0] == 200
        except OSError:
            return False

    def wait_ready(self, seconds=30):
        wait_for("helm-lookout ready", self.ready, seconds)
        return self

    def peak_rss_mb(self):
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(2)
        assert code == 0, f"exit code {code}: {self.log_path.read_text()}"

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
