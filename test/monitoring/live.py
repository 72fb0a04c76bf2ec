"""Two controllers on one sandbox, and a real Prometheus that reads the rules and scrapes them and
itself: metrics that others have too."""

import json
import shutil
import subprocess
import urllib.parse
import urllib.request

import rules
import truth
from cluster import free_ports, wait_for
from lookout import Lookout

GONE = "- {name: gone, type: http, url: 'http://127.0.0.1:1/charts', interval: 2s}\n"
SCRAPES = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
- job_name: helm-lookout
  honor_labels: {honor}
  static_configs:
  - {{targets: ['{first}'], labels: {{pod: a, namespace: monitoring}}}}
  - {{targets: ['{second}'], labels: {{pod: b, namespace: monitoring}}}}
- job_name: prometheus
  static_configs: [{{targets: ['127.0.0.1:{own}']}}]
"""


class Prometheus:
    """Of Debian, on loopback; stop() ends it."""

    def __init__(self, folder, config):
        self.folder, self.port = folder, free_ports(1)[0]
        folder.mkdir()
        (folder / "prometheus.yml").write_text(config.replace("{own}", str(self.port)))
        with open(folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                 f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=warn"], stdout=log, stderr=log)

    def ready(self):
        try:
            return self.query("vector(1)")
        except (OSError, AssertionError):  # 503 while it reads its storage
            return False

    def ask(self, path, **parameters):
        """`data` of an answer; AssertionError with Prometheus' words for what it refuses."""
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                body = json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{parameters}: {error.read().decode()}") from None
        assert not body.get("warnings"), f"{parameters}: {body['warnings']}"
        return body["data"]

    def query(self, expr):
        return self.ask("query", query=expr)["result"]

    def firing(self):
        """{alert: its label sets} of what fires now."""
        found = {}
        for alert in self.ask("alerts")["alerts"]:
            if alert["state"] == "firing":
                found.setdefault(alert["labels"]["alertname"], []).append(alert["labels"])
        return found

    def stop(self):
        self.process.kill()
        self.process.wait()


class Live:
    """What the tests share."""

    def __init__(self, root, binary, sandbox, folder):
        self.root, self.binary, self.sandbox, self.folder = root, binary, sandbox, folder
        self.started = []

    def start(self):
        settings, kubeconfig = self.folder / "settings.yaml", self.folder / "kubeconfig"
        with open(self.folder / "sandbox.log", "wb") as log:
            process = subprocess.Popen([self.sandbox, "--quiet", "--settings-out", settings,
                                        "--kubeconfig-out", kubeconfig], stdout=log, stderr=log)
        self.started.append(process)
        wait_for("the sandbox", kubeconfig.exists)
        settings.write_text(settings.read_text().replace("15s", "2s") + GONE)
        self.replicas = [Lookout(self.binary, self.folder, str(kubeconfig), "--config", str(settings))
                         for _ in range(2)]
        self.started += [each.process for each in self.replicas]
        for each in self.replicas:
            each.wait_ready()
        self.prometheus = self.prometheus_with("prometheus", honor=True)
        self.metrics = self.known_metrics()

    def prometheus_with(self, name, honor):
        hastened = self.folder / "rules.yaml"
        hastened.write_text(rules.hastened((self.root / rules.PATH).read_text()))
        first, second = (f"127.0.0.1:{each.metrics_port}" for each in self.replicas)
        started = Prometheus(self.folder / name, SCRAPES.format(
            rules=hastened, honor=str(honor).lower(), first=first, second=second, own="{own}"))
        self.started.append(started.process)
        wait_for(name, started.ready)
        return started

    def known_metrics(self):
        """{metric: Metric}; the first scan of each repository is over."""
        wait_for("all repositories tried", lambda: 3 == sum(
            name == "helm_repository_last_attempt_timestamp_seconds"
            for name, _ in self.replicas[0].samples()))
        documented = truth.documented((self.root / "docs/metrics.md").read_text())
        alert_labels = set().union(*(alert.told_labels() | alert.labels.keys()
                                     for alert in rules.read(self.root)))
        return truth.with_prometheus_own(truth.shown(self.replicas[0].samples(), documented), alert_labels)

    def run(self, *command):
        """(exit code, output)."""
        done = subprocess.run([str(part) for part in command], cwd=self.root, capture_output=True,
                              text=True)
        return done.returncode, done.stdout + done.stderr

    def stop(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder / "prometheus" / "data", ignore_errors=True)
