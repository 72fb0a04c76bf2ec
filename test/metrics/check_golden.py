"""Prometheus' own parsers must take the golden files: promtool for the text, the strict
parser of prometheus_client for OpenMetrics. promtool's complaints about names that are
inherited from helm-state-metrics and Helm S3 Exporter are an exact list."""
import pathlib
import subprocess
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

INHERITED = {
    'helm_release_errors counter metrics should have "_total" suffix',
    'helm_s3_charts_total non-counter metrics should not have "_total" suffix',
    'helm_s3_versions_total non-counter metrics should not have "_total" suffix',
}


def check_text(path):
    tool = subprocess.run(["promtool", "check", "metrics"], input=path.read_bytes(),
                          capture_output=True, check=False)
    complaints = set(tool.stderr.decode().splitlines())
    if tool.returncode not in (0, 3) or not complaints <= INHERITED:
        sys.exit(f"{path.name}: promtool: {sorted(complaints - INHERITED)}")
    return complaints


def check_openmetrics(path):
    families = list(text_string_to_metric_families(path.read_text(encoding="utf-8")))
    if not families:
        sys.exit(f"{path.name}: no families")


def main(folder):
    seen = set()
    for name in ("releases.txt", "repositories.txt", "self.txt"):
        seen |= check_text(folder / name)
    for name in ("releases.openmetrics", "repositories.openmetrics", "self.openmetrics"):
        check_openmetrics(folder / name)
    if seen != INHERITED:
        sys.exit(f"no longer complained of: {sorted(INHERITED - seen)}")


main(pathlib.Path(sys.argv[1]))
