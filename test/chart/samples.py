"""Values that a schema admits: what a value is changed to, to see whether that changes anything."""

import re

from schema import EXAMPLES, ITEM


TRIES = 2


class NoSample(Exception):
    """Says what the tables lack."""


def kind_of(node):
    kinds = node.get("type")
    kinds = [kinds] if isinstance(kinds, str) else list(kinds or [])
    kinds = [kind for kind in kinds if kind != "null"]
    if kinds:
        return kinds[0]
    if "properties" in node or "additionalProperties" in node:
        return "object"
    return "array" if "items" in node else "string"


def of(schema, node):
    """A valid value; a list or map has one element."""
    for value in candidates(schema, schema.resolve(node)):
        return value
    raise NoSample(f"no valid value is known for {node}")


def others(schema, node, unlike):
    """A few valid values other than `unlike`, whose types differ where types may."""
    found = [value for value in candidates(schema, schema.resolve(node))
             if not (value == unlike and type(value) is type(unlike))]
    return found[:TRIES]


def candidates(schema, node):
    if "const" in node:
        yield node["const"]
        return
    if "enum" in node:
        yield from (value for value in node["enum"] if value is not None)
        return
    choices = [schema.resolve(each) for word in ("oneOf", "anyOf") for each in node.get(word, [])]
    if choices and "type" not in node and "properties" not in node:
        for choice in choices:
            yield from candidates(schema, choice)
        return
    kind = kind_of(node)
    if kind == "boolean":
        yield from (True, False)
    elif kind in ("integer", "number"):
        yield from numbers(node)
    elif kind == "array":
        items = node.get("items", {})
        for value in candidates(schema, schema.resolve(items)):
            yield [value] * node.get("minItems", 1)
    elif kind == "object":
        yield from maps(schema, node)
    else:
        yield from (text for text in EXAMPLES if admits(node, text))


def numbers(node):
    lowest = node.get("minimum", node.get("exclusiveMinimum", 0) + 1)
    highest = node.get("maximum", lowest + 5)
    for value in (lowest + 2, lowest + 3, lowest, highest):
        if value <= highest and value % node.get("multipleOf", 1) == 0:
            yield value


def maps(schema, node):
    needed = {key: of(schema, node.get("properties", {}).get(key, {}))
              for key in node.get("required", [])}
    if needed:
        yield needed
    more = node.get("additionalProperties")
    if more is not False:
        more = more if isinstance(more, dict) else {}
        names = node.get("propertyNames", {})
        for key in (text for text in EXAMPLES if admits(names, text)):
            yield {**needed, key: of(schema, more)}
    for key, below in node.get("properties", {}).items():
        if key not in needed:
            yield {**needed, key: of(schema, below)}
    if not needed:
        yield {}


def admits(node, text):
    if not node.get("minLength", 0) <= len(text) <= node.get("maxLength", len(text)):
        return False
    return bool(re.search(node.get("pattern", ""), text))


def put(values, place, value):
    """A copy of `values` with another value at a place; lists on the way get an element when they
    have none."""
    if not place:
        return value
    key, rest = place[0], place[1:]
    if key == ITEM:
        old = values if isinstance(values, list) and values else [{}]
        return [put(old[0], rest, value), *old[1:]]
    old = values if isinstance(values, dict) else {}
    return {**old, key: put(old.get(key), rest, value)}


def take(values, place, otherwise=None):
    """What is at a place, of the first elements of lists."""
    for key in place:
        if key == ITEM:
            values = values[0] if isinstance(values, list) and values else None
        else:
            values = values.get(key) if isinstance(values, dict) else None
        if values is None:
            return otherwise
    return values


def merge(below, above):
    """Values as helm merges files: maps by key, all else replaced."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{key: merge(below.get(key), value) for key, value in above.items()}}
    return above
