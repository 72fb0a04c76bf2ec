"""Prometheus' own parsers must take the golden files: promtool for the text, the strict
parser of prometheus_client for OpenMetrics. promtool's complaints about names that are
inherited from helm-state-metrics and Helm S3 Exporter are an exact list. Every byte that a label
may hold must come out of both parsers, and of Prometheus' own storage, as it went in."""
import ast
import pathlib
import re
import subprocess
import sys
import tempfile

from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as classic_families

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


def byte_labels(number):
    """What release byte-N must show: invalid UTF-8 becomes U+FFFD, nothing else changes."""
    value = bytes([ord("<"), number, ord(">")]).decode("utf-8", "replace")
    return {"helm_release_info": {"chart": value, "chart_version": value, "app_version": value},
            "helm_release_labels": {"label_team": value}}


def check_byte_series(source, series):
    """`series`: (name, labels) pairs as a parser gave them back."""
    seen = set()
    for name, labels in series:
        if name not in ("helm_release_info", "helm_release_labels"):
            continue
        number = int(labels["name"].removeprefix("byte-"))
        for label, value in byte_labels(number)[name].items():
            if labels[label] != value:
                sys.exit(f"{source}: byte {number}: {label} is {labels[label]!r}, not {value!r}")
        seen.add((name, number))
    if len(seen) != 512:
        sys.exit(f"{source}: {len(seen)} series with bytes, not 512")


def parsed_series(parse, text):
    return [(sample.name, sample.labels) for family in parse(text) for sample in family.samples]


def stored_series(text):
    """Through Prometheus' parser into a block of its storage and out again."""
    lines = [line if line.startswith("#") else line + " 1700000000"
             for line in text.split("\n") if line]
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "in.openmetrics")
        source.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
        subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", source, folder],
                       check=True, capture_output=True)
        pathlib.Path(folder, "wal").mkdir()  # that a database has
        dump = subprocess.run(["promtool", "tsdb", "dump", folder], check=True,
                              capture_output=True).stdout.decode()
    for line in dump.split("\n")[:-1]:
        labels = {name: ast.literal_eval(value)
                  for name, value in re.findall(r'(\w+)=("(?:[^"\\]|\\.)*")', line)}
        yield labels.pop("__name__"), labels


def check_bytes(folder):
    text = (folder / "bytes.txt").read_bytes().decode()
    openmetrics = (folder / "bytes.openmetrics").read_bytes().decode()
    check_byte_series("prometheus_client, text", parsed_series(classic_families, text))
    check_byte_series("prometheus_client, OpenMetrics",
                      parsed_series(text_string_to_metric_families, openmetrics))
    check_byte_series("promtool", stored_series(openmetrics))


def main(folder):
    check_bytes(folder)
    seen = set()
    for name in ("releases.txt", "bytes.txt", "repositories.txt", "self.txt"):
        seen |= check_text(folder / name)
    for name in ("releases.openmetrics", "repositories.openmetrics", "self.openmetrics"):
        check_openmetrics(folder / name)
    if seen != INHERITED:
        sys.exit(f"no longer complained of: {sorted(INHERITED - seen)}")


main(pathlib.Path(sys.argv[1]))
