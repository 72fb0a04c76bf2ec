"""The chart's alerts, as Prometheus reads them."""

import re

import yaml

PATH = "charts/helm-lookout/rules/helm-lookout.yaml"
LABEL = re.compile(r"\$labels\.(\w+)")


class Alert:
    def __init__(self, rule):
        self.name = rule["alert"]
        self.expr = rule["expr"]
        self.wait = rule.get("for", "")
        self.labels = rule["labels"]
        self.annotations = rule["annotations"]

    def told_labels(self):
        """Labels that the annotations name."""
        return set(LABEL.findall(" ".join(self.annotations.values())))


def read(root):
    groups = yaml.safe_load((root / PATH).read_text())["groups"]
    return [Alert(rule) for group in groups for rule in group["rules"]]


def hastened(text):
    """The same rules for a test that cannot wait: minutes and hours are seconds."""
    text = re.sub(r"^(\s+for:) \d+[mh]$", r"\1 1s", text, flags=re.M)
    return text.replace("[5m]", "[5s]")
