"""Which metrics there are, with which labels and which of their values: what a running controller
shows, and for what it does not show at the moment the tables of docs/metrics.md."""

import re

ROW = re.compile(r"^\| `([a-z0-9_]+)` \| (gauge|counter|histogram) \| ([^|]*) \| (.*) \|$")
WORD = re.compile(r"`([a-z0-9_*-]+)`")
HISTOGRAM = {"_bucket": {"le"}, "_sum": set(), "_count": set()}
# Labels that a scrape adds; a release's namespace is another label unless labels are honoured.
TARGET = {"job", "instance", "pod", "node", "exported_namespace"}
OPEN = TARGET | {"name", "namespace", "repository", "chart", "le"}
PROMETHEUS_OWN = ("up", "scrape_duration_seconds", "scrape_samples_scraped")


class Metric:
    def __init__(self, labels, words=()):
        self.labels = set(labels)
        self.words = set(words)  # values that the documentation names
        self.values = {}         # {label: values seen}

    def knows(self, label, matches):
        """Whether some known value of a label matches; of a label like a name nothing is known."""
        if label in OPEN:
            return True
        known = self.values.get(label, set()) | self.words
        return not known or any(matches(value) for value in known)


def documented(text):
    """{metric: Metric} of docs/metrics.md; a histogram is its three kinds of series."""
    metrics = {}
    for line in text.splitlines():
        match = ROW.match(line)
        if not match:
            continue
        name, kind, labels, meaning = match.groups()
        labels = {label.strip() for label in re.sub(r"\([^)]*\)", "", labels).split(",")} - {""}
        for suffix, more in HISTOGRAM.items() if kind == "histogram" else [("", set())]:
            metrics[name + suffix] = Metric(labels | more, WORD.findall(meaning))
    return metrics


def shown(samples, metrics):
    """What a scrape shows beats the documentation. samples: {(name, label pairs): value}."""
    seen = {}
    for name, labels in samples:
        metric = seen.setdefault(name, Metric(set()))
        for label, value in labels:
            metric.labels.add(label)
            metric.values.setdefault(label, set()).add(value)
    for name, metric in seen.items():
        metric.words = metrics[name].words if name in metrics else set()
    return {**metrics, **seen}


def with_prometheus_own(metrics, alert_labels):
    """alert_labels: all labels that alerts have, which are those of the series ALERTS."""
    own = {name: Metric({"namespace"}) for name in PROMETHEUS_OWN}
    return {**metrics, **own, "ALERTS": Metric({"alertname", "alertstate"} | alert_labels)}
