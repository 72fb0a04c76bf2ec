"""No value is dead, none is read that is not there, and each lands where paths.yaml says."""

import dead
import objects
import samples
import templates
from bench import table
from helm import RenderFailed, for_each, none
from schema import ITEM, place_of, text


def test_every_value_changes_what_is_rendered(bench):
    """But for those of which the table below proves more: properties of the schema that
    values.yaml leaves empty."""
    proved = {row["value"] for row in table("paths.yaml")}
    problems, judged = dead.findings(bench.chart, bench.helm, table("contexts.yaml"), proved)
    assert judged > 20, f"only {judged} values were found"
    none(problems, "values that change nothing")


def test_templates_read_only_values_that_are_defined(bench):
    none(undefined_reads(bench.chart), "values that are read but not defined")


def undefined_reads(chart):
    for name, content in chart.templates():
        for line, place in templates.reads(content):
            if not is_defined(chart, place):
                yield f"{name}:{line}: .Values.{text(place)} is not in values.yaml"


def is_defined(chart, place):
    """In values.yaml; or in the schema, below something that values.yaml leaves empty; or within a
    map or list whose keys are the user's."""
    node, value = chart.schema.document, chart.values
    for key in place:
        if key == ITEM and isinstance(value, dict):
            return True  # each of a map in turn
        below = below_of(chart.schema, node, key)
        if isinstance(value, dict) and value and key != ITEM:
            if key not in value:
                return below is not None and not named(chart.schema, node, key)
            value = value[key]
        else:
            if below is None:
                return False
            value = None
        node = below if below is not None else {}
    return True


def named(schema, node, key):
    return any(key in branch.get("properties", {}) for branch in schema.branches(node))


def below_of(schema, node, key):
    """The schema of a key; that of any key of a map, {} where nothing is said; None when refused."""
    free = None
    for branch in schema.branches(node):
        if key in branch.get("properties", {}):
            return branch["properties"][key]
        if key == ITEM and isinstance(branch.get("items"), dict):
            return branch["items"]
        more = branch.get("additionalProperties", "properties" not in branch)
        if more is not False:
            free = more if isinstance(more, dict) else {}
    return free


def test_every_value_is_in_the_table(bench):
    told = {row["value"] for row in table("paths.yaml")}
    never = set(table("contexts.yaml")["not_rendered"])
    leaves = {text(place) for place in dead.leaves(bench.chart.values)}
    none((f"{leaf} has no row" for leaf in sorted(leaves - told - never)),
         "values that paths.yaml does not place")


def test_values_land_where_the_table_says(bench):
    rows = table("paths.yaml")
    bench.helm.manifest(bench.chart.path)
    contexts = dead.Contexts(table("contexts.yaml"))
    none(for_each(rows, lambda row: misplaced(bench, contexts, row)),
         "rows of paths.yaml that do not hold")


def misplaced(bench, contexts, row):
    """What is wrong with one row; None when it holds, and did not hold without the value."""
    place = place_of(row["value"])
    given = samples.merge(contexts.of(place), row.get("with", {}))
    named_as = f"{row['value']} = {row['set']!r} in {row['in']} {row.get('at', '')}"
    without = given
    if samples.take(given, place) == row["set"]:  # what others below it need, here the default
        without = samples.put(given, place, samples.take(bench.chart.values, place))
    try:
        before = bench.helm.objects(bench.chart.path, without)
        after = bench.helm.objects(bench.chart.path, samples.put(given, place, row["set"]))
    except RenderFailed as why:
        return f"{named_as}: {why}"
    if row.get("none"):
        there, then = (objects.chosen(each, row["in"]) for each in (before, after))
        return None if there and not then else f"{named_as}: {len(there)} before, {len(then)} with it"
    found = everywhere(after, row)
    if not found:
        return f"{named_as}: nothing of that kind is rendered"
    for value in found:
        if not holds(value, row):
            return f"{named_as}: {objects.shown(value)}"
    if any(holds(value, row) for value in everywhere(before, row)):
        return f"{named_as}: the same without it, the row proves nothing"
    return None


def everywhere(rendered, row):
    return [objects.at_path(each, row["at"]) for each in objects.chosen(rendered, row["in"])]


def holds(value, row):
    if row.get("absent"):
        return value is objects.MISSING
    if "has" in row:
        return value is not objects.MISSING and value is not None and row["has"] in value
    return value == row.get("gives", row.get("set"))

