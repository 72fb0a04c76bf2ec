"""The rules: well-formed, naming what exists, documented, each with a test that makes it fire."""

import re

import rules
import yaml
from expressions import check

SEVERITIES = {"critical", "warning", "info"}
DOCUMENT = "docs/alerts.md"


def unit_tests(live):
    return sorted((live.root / "test/monitoring").glob("*_test.yaml"))


def sections(live):
    return re.findall(r"^### (\w+)$", (live.root / DOCUMENT).read_text(), re.M)


def test_promtool_takes_the_rules(live):
    code, output = live.run("promtool", "check", "rules", rules.PATH)
    assert code == 0, output


def test_HRE_10_promtool_unit_tests(live):
    """Every alert fires when it should, also for a repository that never worked."""
    code, output = live.run("promtool", "test", "rules", *unit_tests(live))
    assert code == 0, output


def test_every_alert_has_a_unit_test_that_fires_and_one_that_does_not(live):
    fires, rests = set(), set()
    for path in unit_tests(live):
        for group in yaml.safe_load(path.read_text())["tests"]:
            for each in group["alert_rule_test"]:
                fires |= {(each["alertname"], one["exp_labels"]["severity"]) for one in each["exp_alerts"]}
                rests |= set() if each["exp_alerts"] else {each["alertname"]}
    alerts = rules.read(live.root)
    assert {(each.name, each.labels["severity"]) for each in alerts} == fires
    assert {each.name for each in alerts} == rests


def test_alerts_name_metrics_and_labels_that_exist(live):
    for alert in rules.read(live.root):
        labels, _, wrong = check(alert.expr, live.metrics)
        assert not wrong, wrong
        missing = alert.told_labels() - labels - {"namespace"}
        assert not missing, f"{alert.name} tells of {missing}, which it does not have"


def test_alerts_say_what_they_must(live):
    for alert in rules.read(live.root):
        assert set(alert.labels) == {"severity"} and alert.labels["severity"] in SEVERITIES, alert.name
        assert set(alert.annotations) == {"summary", "description", "runbook_url"}, alert.name
        assert alert.annotations["summary"].endswith("."), alert.name
        assert alert.annotations["runbook_url"] == f"{DOCUMENT}#{alert.name.lower()}", alert.name


def test_every_alert_has_its_section_and_no_section_is_left_over(live):
    named = [each.name for each in rules.read(live.root)]
    assert sections(live) == list(dict.fromkeys(named))


def test_the_table_says_what_the_rules_do(live):
    rows = re.findall(r"^\| \[(\w+)\]\(#(\w+)\) \| (\w+) \| ([^|]+) \| [^|]+ \|$",
                      (live.root / DOCUMENT).read_text(), re.M)
    assert rows == [(each.name, each.name.lower(), each.labels["severity"], each.wait or "–")
                    for each in rules.read(live.root)]


def test_sections_have_what_somebody_on_call_needs(live):
    parts = re.split(r"^### (\w+)$", (live.root / DOCUMENT).read_text(), flags=re.M)
    for name, text in zip(parts[1::2], parts[2::2]):
        for word in ("Means", "Matters", "Look", "ix", "```promql"):
            assert word in text, f"{name} lacks {word}"


def test_links_lead_somewhere(live):
    text = (live.root / DOCUMENT).read_text()
    anchors = {re.sub(r"[^\w-]", "", head.lower().replace(" ", "-"))
               for head in re.findall(r"^#+ (.+)$", text, re.M)}
    for path, anchor in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", text):
        assert (live.root / "docs" / path).exists() if path else anchor in anchors, (path, anchor)


def test_addresses_and_commands_of_the_document_work(live):
    text = (live.root / DOCUMENT).read_text()
    first = live.replicas[0]
    asked = re.findall(r"localhost:(9104|8081)(/[^\s'#)]*)", text)
    assert len(asked) > 5, asked
    for port, path in asked:
        status, _, _ = first.get(path, first.metrics_port if port == "9104" else first.health_port)
        assert status == 200, path
    code, output = live.run(live.binary, "scan", "stable", "--config", live.folder / "settings.yaml")
    assert code == 0 and "/helm-lookout scan REPOSITORY --config" in text, output


def test_the_document_names_metrics_that_exist(live):
    text = (live.root / DOCUMENT).read_text()
    named = set(re.findall(r"\b((?:helm_(?:release|repository|lookout|s3)|rest_client)_[a-z0-9_]+)\b", text))
    unknown = {each for each in named if each not in live.metrics}
    assert not unknown, unknown
    queries = re.findall(r"^```promql\n(.*?)^```$", text, re.M | re.S)
    assert len(queries) > 10, len(queries)
    for query in queries:
        for expr in filter(None, (re.sub(r"\s+#.*$", "", line) for line in query.splitlines())):
            _, _, wrong = check(expr, live.metrics)
            assert not wrong, wrong
            live.prometheus.query(expr)
