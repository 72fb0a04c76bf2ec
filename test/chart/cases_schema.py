"""values.schema.json refuses what is not a value, and knows the program's settings."""

import re

import samples
from bench import table
from helm import RenderFailed, for_each, none
from schema import text


def test_schema_is_closed_at_every_level(bench):
    """As written, and as Helm judges it: a key that is not there is refused wherever keys are not
    the user's own."""
    about = table("schema.yaml")
    free = [*about["keys_of_users"], *about["keys_of_kubernetes"]]
    document = bench.chart.schema
    assert document.document, "the chart has no values.schema.json"
    found = sorted({text(place) for place in document.open_objects()})
    none((f"{place or 'the top level'} admits any key" for place in found if place not in free),
         "open objects in values.schema.json")
    none((f"schema.yaml names {place}, which is closed" for place in free if place not in found),
         "stale rows of schema.yaml")


def test_unknown_keys_are_refused_by_helm(bench):
    levels = {()} | {place[:length] for place, _ in bench.chart.schema.places()
                     for length in range(1, len(place))}
    closed = [place for place in sorted(levels) if "[]" not in place and
              (bench.chart.schema.at(place) or {}).get("additionalProperties") is False]
    assert len(closed) > 5, closed

    def accepted(place):
        try:
            bench.helm.manifest(bench.chart.path, samples.put({}, (*place, "unheardOf"), 1))
        except RenderFailed as why:
            return None if "unheardOf" in str(why) else f"{text(place)}: {why}"
        return f"{text(place)}.unheardOf is accepted"

    none(for_each(closed, accepted), "levels that accept an unknown key")


def test_values_and_schema_name_the_same(bench):
    named = {place for place, _ in bench.chart.schema.places() if "[]" not in place}
    closed = {place for place in {place[:-1] for place in named}
              if (bench.chart.schema.at(place) or {}).get("additionalProperties") is False}
    problems = [f"{text(place)} is in values.schema.json, not in values.yaml" for place in
                sorted(named) if samples.take(bench.chart.values, place[:-1], {}) not in ({}, [])
                and place[-1] not in samples.take(bench.chart.values, place[:-1], {})
                and text(place) not in table("schema.yaml")["optional"]]
    problems += [f"{text((*place, key))} is in values.yaml, not in values.schema.json"
                 for place in sorted(closed | {()})
                 for key in samples.take(bench.chart.values, place, {}) or {}
                 if (*place, key) not in named]
    none(problems, "differences of values.yaml and values.schema.json")


def test_schema_knows_the_settings_of_the_program(bench):
    """Each flag of the README's table by its name in the settings file, which another test holds
    against the code."""
    about = table("schema.yaml")
    readme = (bench.root / "README.md").read_text()
    flags = re.findall(r"^\| `--([a-z-]+)` \|", readme, re.M)
    assert len(flags) > 10, flags
    known = {camel_case(flag) for flag in flags} | set(about["settings_of_file"])
    schema = bench.chart.schema.at(("settings",))
    given = set(schema.get("properties", {}))
    elsewhere = about["settings_set_by_chart"]
    problems = [f"settings.{key} is not in the schema" for key in sorted(known - given)
                if key not in elsewhere]
    problems += [f"settings.{key} is no setting of the program" for key in sorted(given - known)]
    problems += [f"schema.yaml says that the chart sets {key}, but the schema admits it"
                 for key in sorted(set(elsewhere) & given)]
    none(problems, "differences of the schema and the program")


def camel_case(flag):
    first, *others = flag.split("-")
    return first + "".join(word.capitalize() for word in others)


def test_wrong_values_are_refused_with_a_message(bench):
    cases = table("negative.yaml")
    none([problem for helm in bench.helms
          for problem in for_each(cases, lambda case: accepted_case(bench, helm, case))],
         "wrong values without the intended message")


def accepted_case(bench, helm, case):
    values = case["values"]
    try:
        helm.manifest(bench.chart.path, values)
    except RenderFailed as why:
        said = " ".join(str(why).split())
        missing = [word for word in case["says"] if word not in said]
        return f"{case['name']}, {helm.name}: no {missing} in: {said[:600]}" if missing else None
    return f"{case['name']}, {helm.name}: rendered without a word"


def test_every_message_of_the_chart_is_provoked(bench):
    """By a row of negative.yaml: a check that cannot refuse anything would be no check."""
    told = []
    for case in table("negative.yaml"):
        try:
            bench.helm.manifest(bench.chart.path, case["values"])
        except RenderFailed as why:
            told.append(" ".join(str(why).split()))
    messages = list(messages_of(dict(bench.chart.templates())["templates/_validate.tpl"]))
    assert len(messages) > 20, messages
    none((f"nothing provokes: {message}" for message, pattern in messages
          if not any(re.search(pattern, each) for each in told)), "messages without a case")


def messages_of(text):
    """(line, pattern) of each line of the template that is told as it stands."""
    text = re.sub(r"\{\{-?\s*/\*.*?\*/\s*-?\}\}", "", text, flags=re.S)
    for line in map(str.strip, text.splitlines()):
        words = re.split(r"\{\{-? if .*?\{\{-? end -?\}\}|\{\{.*?\}\}", line)
        if any(re.search(r"\w{3} |: ", word) for word in words):
            yield line, ".*".join(map(re.escape, words))
