"""G21, G22, G24: what tests prove and no clock measures, from the results that `make test` left in
build/results, and the documents that those tests hold to."""

import re
import sys

from goals import Goal, table
from measuring import ROOT

sys.path.insert(0, str(ROOT / "test/reliability"))
import report  # noqa: E402

PROTOCOL = re.compile(r"[LWSAR]\d+")  # scenarios of the Kubernetes protocol
RESULTS = ROOT / "build/results"
# Suites whose name holds the word, for each goal that they decide.
SUITES = {"hostile": "helm", "fuzz": "fuzz", "secrecy": "secrecy"}


def rows_of(path, heading):
    """Rows of the first table below a heading, without its head."""
    text = path.read_text().split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [line for line in text.splitlines() if line.startswith("| ")][1:]


def scenarios_passed(by_id):
    """How many of the protocol's scenarios passed wherever they must, and how many there are."""
    known = [(one, where) for _, rows in report.scenarios() for one, where, _ in rows
             if PROTOCOL.fullmatch(one)]

    def passed(one, where):
        told = [report.result_of(by_id[one], place) for place in where]
        if where == ["F"] and told == ["no test"]:  # proved on the real thing alone
            told = [report.result_of(by_id[one], "R")]
        return all(each == "passed" for each in told)
    return sum(passed(*each) for each in known), len(known)


def suite_results(word):
    """(passed, others) of all tests of suites named so."""
    last = {}
    for path in sorted(RESULTS.glob("*.tsv")):
        for line in path.read_text().splitlines():
            suite, result, name = line.split("\t", 2)
            if word in suite:
                last[suite, name] = result
    passed = sum(result == "passed" for result in last.values())
    return {"passed": passed, "others": len(last) - passed}


def measure(_bench):
    by_id, _, _ = report.read(RESULTS)
    passed, known = scenarios_passed(by_id)
    decoding = ROOT / "docs/decoding.md"
    return {"scenarios_passed": passed, "scenarios": known,
            "hostile_inputs": len(rows_of(decoding, "Hostile inputs")),
            "documented": len(rows_of(decoding, "Where the verdict is not Helm's")),
            **{name: suite_results(word) for name, word in SUITES.items()}}


def all_passed(results):
    return results["passed"] > 0 and results["others"] == 0


def told(results):
    if not results["passed"] + results["others"]:
        return "not run here"
    return f"{results['passed']} of {results['passed'] + results['others']} tests"


def goals(f):
    def row(goal, what, figure, met):
        return Goal(goal, what, figure, "–", "–", met, "proof",
                    "" if met else "see `make test`")
    decoded = all_passed(f["hostile"])
    return [row("G21", "scenarios of the Kubernetes protocol; all",
                f"{f['scenarios_passed']} of {f['scenarios']}",
                f["scenarios_passed"] == f["scenarios"]),
            row("G22", "hostile inputs: no crash, leak, hang; in verify mode Helm's verdict but for the documented",
                f"{f['hostile_inputs']} inputs, {f['documented']} documented; {told(f['hostile'])}",
                decoded),
            row("G24", "canaries found in logs, metrics, pages, errors, memory; 0",
                "0" if all_passed(f["secrecy"]) else told(f["secrecy"]), all_passed(f["secrecy"]))]


def section(f):
    return """## What tests prove
From the results of the last `make test` beside this run; [reliability.md](reliability.md) names each scenario and its test, [decoding.md](decoding.md) each hostile input.

""" + table(["what", "result"], [
        ["scenarios of the Kubernetes protocol", f"{f['scenarios_passed']} of {f['scenarios']}"],
        ["hostile inputs of the decoder, with Helm's verdict but for the documented",
         f"{f['hostile_inputs']}, {f['documented']} documented: {told(f['hostile'])}"],
        ["corpora of the fuzz targets", told(f["fuzz"])],
        ["secrecy: marked secrets, found nowhere", told(f["secrecy"])]])
