"""Writes docs/reliability.md from the results of a test run, or checks that it still says so.

report.py RESULTS [--write]: RESULTS holds a *.tsv a suite (results_listener.cpp, test/e2e/runner.py).
Fails when a scenario has no test, when one of its tests did not pass, and when the document is not current.
"""

import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parent.parent.parent
DOCUMENT = ROOT / "docs/reliability.md"
# Run against the real thing: an API server with etcd and Helm, or kubectl. All others inject faults.
REAL = {"e2e", "scenarios", "operations", "kubeconfig"}
ID = r"(?:[LWSAR]\d{1,2}|(?:HSM|HRE|S3X|HEX|NOVA|DD)-\d{1,2})"
CPP_NAME = re.compile(rf"({ID}(?:, {ID})*): (.+)")
PY_NAME = re.compile(r"test_((?:(?:[LWSAR]\d{1,2}|(?:HSM|HRE|S3X|HEX|NOVA|DD)_\d{1,2})_)+)(\w+)")
FAULT_NAME = re.compile(r"fault (.+?): (.+)")

Test = collections.namedtuple("Test", "suite result text")


def scenarios():
    """[(section, [(id, where, text)])]"""
    sections = []
    for line in (pathlib.Path(__file__).parent / "scenarios.txt").read_text().splitlines():
        if line.startswith("## "):
            sections.append((line[3:], []))
        elif line and not line.startswith("#"):
            scenario, where, text = (part.strip() for part in line.split("|"))
            sections[-1][1].append((scenario, where.split(), text))
    return sections


def ids_and_text(name):
    if found := CPP_NAME.fullmatch(name):
        return found[1].split(", "), found[2]
    if found := PY_NAME.fullmatch(name):
        ids = re.findall(r"[A-Z0-9]+_\d+|[A-Z]\d+", found[1])
        return [one.replace("_", "-") for one in ids], found[2].replace("_", " ")
    return [], name


def read(folder):
    """({id: [Test]}, {fault: [Test]}, all results counted). What ran twice counts by its last run."""
    last = {}
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text().splitlines():
            suite, result, name = line.split("\t", 2)
            last[suite.replace(" ", "-"), name] = result
    by_id, faults = collections.defaultdict(list), collections.defaultdict(list)
    for (suite, name), result in sorted(last.items()):
        ids, text = ids_and_text(name)
        for one in ids:
            by_id[one].append(Test(suite, result, text))
        if found := FAULT_NAME.fullmatch(name):
            faults[found[1]].append(Test(suite, result, found[2]))
    return by_id, faults, collections.Counter(last.values())


def result_of(tests, where):
    """"passed", or what is wrong."""
    if not any(("R" == where) == (test.suite in REAL) for test in tests):
        return "no test"
    return next((test.result for test in tests if test.result != "passed"), "passed")


def cell(tests):
    return "<br>".join(f"`{test.suite}` {test.text}".replace("|", "\\|") for test in tests)


def table(rows, by_id, wrong):
    lines = ["| id | what holds | tests | result |", "|---|---|---|---|"]
    for scenario, where, text in rows:
        results = {place: result_of(by_id[scenario], place) for place in where}
        # A row for our own servers may be proved on the real thing alone.
        if where == ["F"] and results["F"] == "no test":
            results = {"F": result_of(by_id[scenario], "R")}
        wrong += [f"{scenario} ({place}): {told}" for place, told in results.items()
                  if told != "passed"]
        told = ", ".join(sorted(set(results.values())))
        if "R" in where and told == "passed":
            told = "passed on both"
        lines.append(f"| {scenario} | {text} | {cell(by_id[scenario])} | {told} |")
    return lines


def fault_table(faults, wrong):
    lines = ["| fault | what holds | result |", "|---|---|---|"]
    for fault, tests in sorted(faults.items()):
        told = next((test.result for test in tests if test.result != "passed"), "passed")
        if told != "passed":
            wrong.append(f"fault {fault}: {told}")
        lines.append(f"| {fault} | {'; '.join(test.text for test in tests)} | {told} |")
    return lines


def document(by_id, faults):
    """(text, what is wrong)"""
    wrong = []
    lines = ["# Reliability", "",
             "Written by `make test` from the results of its tests; a scenario without a test, or with one that did",
             "not pass, fails that run. Each test's name begins with the scenario's id, so",
             "`build/dev/test/integration/test_integration 'W17*'` runs one alone. \"Passed on both\" is: against a server that",
             "injects the fault, and against the real thing: an API server with etcd and Helm, or what kubectl does."]
    for section, rows in scenarios():
        lines += ["", f"## {section}", ""] + table(rows, by_id, wrong)
    lines += ["", "## Faults of repositories", "",
              "Each against a scripted server of the kinds named; the test says what is kept, told and tried again.",
              ""] + fault_table(faults, wrong)
    known = {scenario for _, rows in scenarios() for scenario, _, _ in rows}
    wrong += [f"{one}: not in scenarios.txt" for one in sorted(set(by_id) - known)]
    return "\n".join(lines) + "\n", wrong


def main(folder, *options):
    by_id, faults, counts = read(pathlib.Path(folder))
    text, wrong = document(by_id, faults)
    if "--write" in options:
        DOCUMENT.write_text(text)
    elif not DOCUMENT.exists() or DOCUMENT.read_text() != text:
        wrong.append("docs/reliability.md is not what this run shows: scripts/reliability --write")
    for line in wrong:
        print(line)
    shown = sum(len(rows) for _, rows in scenarios())
    print(f"reliability: {shown} scenarios, {len(faults)} faults; of all tests "
          + ", ".join(f"{count} {result}" for result, count in sorted(counts.items())))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
