"""docs/migration.md: its tables name every metric of the other exporters, and each query in them
names metrics and labels that there are, and gives what the table says."""

import re
import subprocess

import expressions
import markdown
import truth
import yaml

# All families that each exporter registers itself (its controllers/helm_metrics.go,
# internal/metrics/prometheus.go, main.go).
THEIRS = {
    "helm-state-metrics": [f"helm_release_{name}" for name in
                           ("info", "revision", "status", "updated", "errors")],
    "Helm S3 Exporter": [f"helm_s3_{name}" for name in (
        "charts_total", "versions_total", "chart_versions", "chart_age_oldest_seconds",
        "chart_age_newest_seconds", "chart_age_median_seconds", "overall_age_oldest_seconds",
        "overall_age_newest_seconds", "overall_age_median_seconds", "scrape_duration_seconds",
        "scrape_errors_total", "last_scrape_success")],
    "helm-exporter": ["helm_chart_info", "helm_chart_timestamp", "helm_chart_outdated",
                      "helm_release_history"],
}
THEIRS["Helm Repository Exporter"] = [name.replace("helm_s3_", "helm_repo_")
                                      for name in THEIRS["Helm S3 Exporter"]]


def rows(bench):
    """{exporter: [(their metrics, query), ...]} of the tables with queries."""
    found = {}
    for table in markdown.tables((bench.root / "docs/migration.md").read_text()):
        if table[0][1:2] == ["PromQL here"]:
            found[table[0][0]] = [(row[0], row[1].strip("`")) for row in table[1:]]
    return found


def metrics(bench):
    return truth.documented((bench.root / "docs/metrics.md").read_text())


def test_tables_name_every_metric_of_the_others(bench):
    found = rows(bench)
    assert set(found) == set(THEIRS)
    for exporter, names in THEIRS.items():
        told = {word for theirs, _ in found[exporter]
                for word in re.findall(r"[a-z_0-9]+", theirs)}
        missing = [name for name in names if name not in told]
        assert not missing, f"{exporter}: {missing}"


def test_queries_name_metrics_and_labels_that_there_are(bench):
    known = metrics(bench)
    for exporter, table in rows(bench).items():
        for _, query in table:
            if query:
                _, named, wrong = expressions.check(query, known)
                assert not wrong, f"{exporter}: {wrong}"
                assert named <= set(known)


def test_rules_that_keep_old_names_use_metrics_that_there_are(bench):
    known = metrics(bench)
    files = sorted((bench.root / "docs/migration").glob("*.yaml"))
    assert len(files) == 2
    for file in files:
        (group,) = yaml.safe_load(file.read_text())["groups"]
        records = {rule["record"] for rule in group["rules"]}
        for rule in group["rules"]:
            named = set(re.findall(r"\bhelm_[a-z_:]+", rule["expr"])) - records
            assert named <= set(known), named - set(known)


def test_rules_make_every_old_name_that_can_be_made(bench):
    made = set()
    for file in (bench.root / "docs/migration").glob("*.yaml"):
        made |= {rule["record"] for rule in yaml.safe_load(file.read_text())["groups"][0]["rules"]}
    wanted = {*THEIRS["helm-exporter"], *THEIRS["Helm Repository Exporter"]}
    # A history has no series, histograms and counters go by other names, a median needs all dates.
    cannot = {"helm_release_history", "helm_repo_scrape_duration_seconds",
              "helm_repo_scrape_errors_total", "helm_repo_overall_age_median_seconds"}
    assert made - {"helm_lookout:release_status_code"} == wanted - cannot


def test_queries_and_rules_give_what_the_old_exporters_gave(bench):
    tests = bench.root / "test/docs/migration_test.yaml"
    done = subprocess.run(["promtool", "test", "rules", tests], capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_query_that_is_not_just_a_name_is_evaluated(bench):
    tests = yaml.safe_load((bench.root / "test/docs/migration_test.yaml").read_text())["tests"]
    tried = {each["expr"] for test in tests for each in test["promql_expr_test"]}
    for exporter, table in rows(bench).items():
        for theirs, query in table:
            same = re.fullmatch(r"[a-z_0-9]*", query) or "rate(" in query
            assert same or query in tried, f"{exporter}: {theirs}: {query}"
