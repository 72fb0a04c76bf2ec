"""Which values the templates of a chart read: `.Values.a.b`, through `with`, `range`, variables
and fields of the dot that stand for a known value. What cannot be followed is left out: it hides
a read, and never makes one up."""

import re

ACTION = re.compile(r"\{\{-?\s*(/\*.*?\*/|.*?)\s*-?\}\}", re.S)
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`')
ASSIGN = re.compile(r"^(?:(\$\w+)\s*,\s*)?(\$\w+)\s*:?=\s*(.*)$", re.S)
READ = re.compile(r"(?<![\w)\"\]])(\$\w*)?((?:\.\w+)+)|(?<![\w)])(\$\w*)(?![\w.])|(?<![\w)])\.(?!\w)")
ITEM = "[]"


class Scope:
    """What the dot and the variables stand for: a place in the values as a tuple; ("", ) for the
    root of all; None for what is not known."""

    def __init__(self, dot, variables):
        self.dot = dot
        self.variables = dict(variables)


ROOT = ("",)


def reads(text):
    """(line, place) of each value that the template reads."""
    stack = []
    scope = Scope(ROOT, {"$": ROOT})
    for action in ACTION.finditer(text):
        words = action.group(1)
        line = text.count("\n", 0, action.start()) + 1
        if words.startswith("/*"):
            continue
        found = list(mentioned(words, scope))
        yield from ((line, place) for place in found if place)
        verb, _, rest = words.partition(" ")
        if verb in ("if", "with", "range", "define", "block"):
            stack.append((verb, scope))
            scope = entered(verb, rest, scope)
        elif verb == "else" and stack:
            outer = stack[-1][1]
            inner, _, condition = rest.partition(" ")
            scope = entered(inner, condition, outer) if inner in ("if", "with") else \
                Scope(outer.dot, outer.variables)
        elif verb == "end" and stack:
            outer = stack.pop()
            scope = forget_changed(outer[1], scope)
        else:
            assign(words, scope)


def forget_changed(outer, inner):
    """A variable that a block may have set stands for nothing known after it."""
    for name, place in inner.variables.items():
        if name in outer.variables and outer.variables[name] != place and name != "$":
            outer.variables[name] = None
    return outer


def entered(verb, rest, scope):
    inside = Scope(scope.dot, scope.variables)
    if verb == "define":
        # Charts call their own templates with the root, or with what cannot be followed here.
        return Scope(ROOT, {"$": ROOT})
    assigned = ASSIGN.match(rest)
    place = value_of(assigned.group(3) if assigned else rest, scope)
    if verb == "with":
        inside.dot = place
    elif verb == "range":
        inside.dot = (*place, ITEM) if place and place != ROOT else None
        place = inside.dot
    if assigned:
        inside.variables[assigned.group(2)] = place
        if assigned.group(1):
            inside.variables[assigned.group(1)] = None
    return inside


def assign(words, scope):
    assigned = ASSIGN.match(words)
    if assigned:
        scope.variables[assigned.group(2)] = value_of(assigned.group(3), scope)


def value_of(pipeline, scope):
    """The place that a pipeline stands for, when it is nothing but a field."""
    bare = pipeline.strip().strip("()").strip()
    match = READ.fullmatch(bare)
    return resolved(match, scope) if match else None


def resolved(match, scope):
    variable, fields, alone = match.groups()
    name = alone if alone is not None else variable
    base = scope.dot if name is None else scope.variables.get(name)
    words = tuple(fields.split(".")[1:]) if fields else ()
    if base is None:
        return None
    if base == ROOT:
        if not words:
            return ROOT
        # `.root.Values.a` too: a template of the chart that was given the root in a dict.
        return words[words.index("Values") + 1:] if "Values" in words else None
    return (*base, *words)


def mentioned(words, scope):
    for match in READ.finditer(TEXT.sub(lambda text: '"' + " " * (len(text.group()) - 2) + '"', words)):
        place = resolved(match, scope)
        if place and place != ROOT:
            yield place
