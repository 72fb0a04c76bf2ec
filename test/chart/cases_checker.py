"""The checks of values find what is wrong with a small chart that is wrong in known ways."""

import cases_schema
import cases_values
import dead
from bench import HERE, ChartFiles
from schema import text

BAD = HERE / "testdata/bad-chart"


def test_checker_finds_dead_values(bench):
    problems, judged = dead.findings(ChartFiles(BAD), bench.helm, {
        "with": {"page": {"page": {"enabled": True}}}, "not_rendered": {"note": "in NOTES only",
                                                                        "alive": "wrongly said"},
        "set": {"gone": 1}})
    found = sorted(str(each).split(":")[0] for each in problems if each)
    assert found == ["alive", "contexts.yaml names gone, which is no value", "dead", "items[].dead",
                     "only.in.schema", "page.dead"], (found, problems)
    assert judged == 11, judged


def test_checker_finds_reads_of_what_is_not_there(bench):
    found = [problem.split(" is ")[0] for problem in
             cases_values.undefined_reads(ChartFiles(BAD))]
    assert found == ["templates/all.yaml:7: .Values.missing", "templates/all.yaml:10: .Values.page.nowhere",
                     "templates/all.yaml:13: .Values.items[].nothing"], found


def test_checker_finds_open_schemas(bench):
    found = sorted({text(place) for place in ChartFiles(BAD).schema.open_objects()})
    assert found == ["items[]", "page"], found
    assert cases_schema.camel_case("log-level") == "logLevel"
