"""kube-score finds nothing that kube_score.yaml does not explain in a line, and nothing that is
explained there has gone."""

import json
import subprocess

from bench import table
from helm import none

GOOD = 10  # its grade of a check without a finding


def test_kube_score_finds_nothing_unexplained(bench):
    rows = table("kube_score.yaml")
    problems, used = [], set()
    for name, files in bench.chart.shipped():
        for check, kind, finding in findings(bench, bench.helm.manifest(bench.chart.path,
                                                                        files=files)):
            explaining = [index for index, row in enumerate(rows) if row["check"] == check
                          and row["kind"] == kind and row.get("in", name) == name]
            used.update(explaining)
            if not explaining:
                problems.append(f"{name}: {check}: {finding}")
    problems += [f"kube_score.yaml explains {row['check']} of {row['kind']}, which finds nothing"
                 for index, row in enumerate(rows) if index not in used]
    problems += [f"kube_score.yaml: {row['check']} needs one line" for row in rows
                 if not row.get("why") or "\n" in row["why"].strip()]
    none(problems, "findings of kube-score")


def findings(bench, text):
    """(check, kind, what it says) of each check that is not fully passed."""
    done = subprocess.run([bench.tools / "kube-score", "score", "--output-format", "json", "-"],
                          input=text, capture_output=True, text=True)
    judged = json.loads(done.stdout)
    assert judged, done.stderr
    for thing in judged:
        for check in thing["checks"]:
            if not check["skipped"] and check["grade"] < GOOD:
                told = "; ".join(f"{each['path']} {each['summary']}" for each in check["comments"] or [])
                kind = thing["type_meta"]["kind"]
                yield check["check"]["id"], kind, f"{thing['object_name']}: {told}"
