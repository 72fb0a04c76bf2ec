"""Finds values that change nothing: each is changed to another that the schema admits, within the
context that it needs, and the rendered objects are compared."""

import objects
import samples
from helm import RenderFailed, for_each
from schema import ITEM, place_of, text


class Contexts:
    """contexts.yaml: `with`, values that the values below a place need to have an effect; `set`,
    what to change one to when a value picked from the schema would not do; `not_rendered`, values
    that show in no object, and why."""

    def __init__(self, document):
        self.needed = {place_of(key): value for key, value in document.get("with", {}).items()}
        self.sets = {place_of(key): value for key, value in document.get("set", {}).items()}
        self.not_rendered = {place_of(key): why
                             for key, why in document.get("not_rendered", {}).items()}

    def of(self, place):
        values = {}
        for length in range(1, len(place) + 1):
            values = samples.merge(values, self.needed.get(place[:length], {}))
        return values

    def unused(self, places):
        known = {place[:length] for place in places for length in range(1, len(place) + 1)}
        for key in (*self.needed, *self.sets, *self.not_rendered):
            if key not in known:
                yield f"contexts.yaml names {text(key)}, which is no value"


def places_of(chart):
    """Every leaf of values.yaml and every property of the schema that has none below it, with
    its schema."""
    named = dict(chart.schema.places())
    inner = {place[:length] for place in named for length in range(1, len(place))}
    found = {place: node for place, node in named.items() if place not in inner}
    for place in leaves(chart.values):
        if place not in inner:
            found.setdefault(place, chart.schema.at(place) or {})
    return found


def leaves(values, place=()):
    if isinstance(values, dict) and values:
        for key, below in values.items():
            yield from leaves(below, (*place, str(key)))
    elif place:
        yield place


def findings(chart, helm, document, proved=()):
    """(problems, how many values were judged), but for those that are proved otherwise."""
    contexts = Contexts(document)
    places = {place: node for place, node in places_of(chart).items() if text(place) not in proved}
    helm.manifest(chart.path)  # or say once why not
    judge = Judge(chart, helm, contexts)
    problems = for_each(places.items(), lambda each: judge.problem(*each))
    return [*problems, *contexts.unused(places_of(chart))], len(places)


class Judge:
    def __init__(self, chart, helm, contexts):
        self.chart = chart
        self.helm = helm
        self.contexts = contexts

    def problem(self, place, node):
        """Why the value at a place is as good as dead; None when it changes something."""
        why = self.contexts.not_rendered.get(place)
        before = self.with_items(self.contexts.of(place), place)
        tried, told = [], ""
        try:
            for value in self.others(before, place, node):
                tried.append(value)
                if self.rendered(before) != self.rendered(samples.put(before, place, value)):
                    return f"{text(place)}: changes objects, but contexts.yaml says: {why}" \
                        if why else None
        except (RenderFailed, samples.NoSample) as failure:
            told = str(failure)[:400]
        if told or not tried:
            return f"{text(place)}: cannot be tried with {tried}: {told or 'no value is known'}"
        return None if why else f"{text(place)}: {tried} render the same as the default"

    def others(self, before, place, node):
        """A few values other than the one before."""
        if place in self.contexts.sets:
            return [self.contexts.sets[place]]
        there = samples.take(before, place)
        default = there if there is not None else samples.take(self.chart.values, place)
        return samples.others(self.chart.schema, node or like(default), default)

    def with_items(self, values, place):
        """Lists on the way to the place hold an element, with what the schema wants in it."""
        for length, key in enumerate(place):
            if key != ITEM:
                continue
            upto = place[:length + 1]
            if not samples.take(values, upto):
                values = samples.put(values, upto, self.needed(upto, place[length + 1]))
        return values

    def needed(self, place, key):
        """The least element of a list that the schema admits and that may have the key."""
        for branch in self.chart.schema.branches(self.chart.schema.at(place)):
            if key in branch.get("properties", {}):
                return {name: samples.of(self.chart.schema, branch["properties"][name])
                        for name in branch.get("required", [])}
        return {}

    def rendered(self, values):
        return [objects.without_checksums(each)
                for each in self.helm.objects(self.chart.path, values)]


def like(default):
    """A schema for a value that has none: of the same type."""
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array",
             dict: "object"}
    return {"type": kinds.get(type(default), "string")}
