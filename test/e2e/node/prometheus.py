"""A real Prometheus in a node's network: it scrapes the chart's Service by its name in the
cluster's DNS (Debian builds it without the discovery of Kubernetes), and evaluates the chart's
alerts."""

import json
import urllib.parse

import yaml

from cluster import wait_for

PORT = 9090


def config(service):
    return {"global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yaml"],
            "scrape_configs": [{"job_name": "helm-lookout", "honor_labels": True,
                                "static_configs": [{"targets": [service]}]}]}


def hurried(rules, seconds=2):
    """The alerts as they are, but without their patience."""
    groups = yaml.safe_load(rules)
    for group in groups["groups"]:
        for rule in group["rules"]:
            if "for" in rule:
                rule["for"] = f"{seconds}s"
    return yaml.safe_dump(groups)


class Prometheus:
    def __init__(self, node, rules, service, folder):
        self.node, self.rules, self.service, self.folder = node, rules, service, folder
        self.process = None

    def start(self):
        self.folder.mkdir()
        (self.folder / "rules.yaml").write_text(hurried(self.rules.read_text()))
        path = self.folder / "prometheus.yml"
        path.write_text(yaml.safe_dump(config(self.service)))
        self.process = self.node.spawn(
            self.folder / "output.log", "prometheus", f"--config.file={path}",
            f"--storage.tsdb.path={self.folder}/tsdb", f"--web.listen-address=127.0.0.1:{PORT}")
        wait_for("Prometheus ready", self.ready, 30)

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(10)

    def ready(self):
        assert self.process.poll() is None, f"Prometheus ended, see {self.folder}/output.log"
        try:
            return self.node.fetch(("127.0.0.1", PORT), "/-/ready")[0] == 200
        except OSError:
            return False

    def query(self, expression):
        """[(labels, value)] of an instant query."""
        rows = self._ask("query", query=expression)["result"]
        return [(row["metric"], float(row["value"][1])) for row in rows]

    def firing(self):
        """Labels of each alert that fires."""
        return [alert["labels"] for alert in self._ask("alerts")["alerts"]
                if alert["state"] == "firing"]

    def _ask(self, what, **parameters):
        path = f"/api/v1/{what}?" + urllib.parse.urlencode(parameters)
        status, body = self.node.fetch(("127.0.0.1", PORT), path)
        assert status == 200, body
        return json.loads(body)["data"]
