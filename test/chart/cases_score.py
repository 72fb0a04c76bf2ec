"""kube-score finds nothing that kube_score.yaml does not explain in a line, and nothing that is
explained there has gone."""

import json
import subprocess

from bench import table
from helm import none

GOOD = 10  # its grade of a check without a finding


def test_kube_score_finds_nothing_unexplained(bench):
    explained = table("kube_score.yaml")
    problems, used = [], set()
    for name, files in bench.chart.variants():
        for check, finding in findings(bench, bench.helm.manifest(bench.chart.path, files=files)):
            used.add(check)
            if check not in explained:
                problems.append(f"{name}: {check}: {finding}")
    problems += [f"kube_score.yaml explains {check}, which finds nothing"
                 for check in sorted(set(explained) - used)]
    problems += [f"kube_score.yaml: {check} needs one line" for check, why in explained.items()
                 if not why or "\n" in why.strip()]
    none(problems, "findings of kube-score")


def findings(bench, text):
    """(check, what it says) of each check that is not fully passed."""
    done = subprocess.run([bench.tools / "kube-score", "score", "--output-format", "json", "-"],
                          input=text, capture_output=True, text=True)
    judged = json.loads(done.stdout)
    assert judged, done.stderr
    for thing in judged:
        for check in thing["checks"]:
            if not check["skipped"] and check["grade"] < GOOD:
                told = "; ".join(f"{each['path']} {each['summary']}" for each in check["comments"] or [])
                yield check["check"]["id"], f"{thing['object_name']}: {told}"
