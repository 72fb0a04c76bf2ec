"""What tests ask of rendered objects: who they are, what is at a path of them."""

import re

import yaml

STEP = re.compile(r'\.?([A-Za-z0-9_/-]+)|\["([^"]+)"\]|\[(\d+)\]|\[([A-Za-z]+)=([^\]]+)\]|\|(yaml)')
MISSING = object()
CLUSTER_WIDE = {"ClusterRole", "ClusterRoleBinding", "Namespace"}


def identity(thing):
    """Kind, namespace and name as one word."""
    meta = thing.get("metadata", {})
    return f"{thing.get('kind')} {meta.get('namespace', '')}/{meta.get('name')}"


def group_of(thing):
    version = thing["apiVersion"]
    return version.rsplit("/", 1)[0] if "/" in version else ""


def chosen(objects, what):
    """The objects of `Kind`, or of `Kind/suffix of the name`."""
    kind, _, suffix = what.partition("/")
    return [each for each in objects
            if each.get("kind") == kind and each["metadata"]["name"].endswith(suffix)]


def steps(path):
    """`a.b["c.d"][0][name=x]|yaml.e` as steps; |yaml reads the text that was reached."""
    at, found = 0, []
    while at < len(path):
        step = STEP.match(path, at)
        assert step and step.end() > at, f"cannot read the path {path!r} from {path[at:]!r}"
        found.append(step)
        at = step.end()
    return found


def at_path(thing, path):
    """The value there; MISSING when there is none."""
    for step in steps(path):
        field, quoted, index, key, wanted, parse = step.groups()
        if parse:
            if not isinstance(thing, str):
                return MISSING
            thing = yaml.safe_load(thing)
        elif field or quoted:
            thing = thing.get(field or quoted, MISSING) if isinstance(thing, dict) else MISSING
        elif index:
            fits = isinstance(thing, list) and int(index) < len(thing)
            thing = thing[int(index)] if fits else MISSING
        else:
            some = thing if isinstance(thing, list) else []
            thing = next((each for each in some if str(each.get(key)) == wanted), MISSING)
        if thing is MISSING:
            return MISSING
    return thing


def without_checksums(thing):
    """The same without checksum annotations: they change with what they are made of, which is in
    an object of its own."""
    if isinstance(thing, dict):
        return {key: without_checksums(value) for key, value in thing.items()
                if not str(key).startswith("checksum/")}
    if isinstance(thing, list):
        return [without_checksums(each) for each in thing]
    return thing


def differences(left, right, at=""):
    """Where two objects differ and what they have there, as far down as they are alike in kind."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted({*left, *right}, key=str):
            yield from differences(left.get(key, MISSING), right.get(key, MISSING), f"{at}.{key}")
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, pair in enumerate(zip(left, right)):
            yield from differences(*pair, f"{at}[{index}]")
    elif left != right or type(left) is not type(right):
        yield f"{at}: {shown(left)} and {shown(right)}"


def shown(value):
    return "nothing there" if value is MISSING else repr(value)[:100] + " there"
