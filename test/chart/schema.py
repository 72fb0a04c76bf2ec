"""values.schema.json as places: each property with its schema, and values that it admits.

A place is a tuple of keys, with ITEM for "of an element of this list"."""

import re

ITEM = "[]"
# Tried in turn against a pattern or a format; add one when a new pattern admits none of them.
EXAMPLES = ["changed", "altered", "5m", "7m", "5", "7", "1Gi", "2Gi", "/changed", "/altered",
            "example.org", "example.com", "https://example.org/a", "https://example.com/b",
            "s3://bucket/a", "https://example.org", "https://example.com", "50%", "25%",
            "sha256:" + "0" * 64, "sha256:" + "1" * 64, "arn:aws:iam::123456789012:role/changed",
            "arn:aws:iam::123456789012:role/altered", "eu-west-1", "us-east-2", ":9999", ":9998",
            "10.0.0.0/8", "192.0.2.1", "a=b", "CHANGED", "ALTERED", "1.2.3", "0644", "64MB", "32MB",
            "example-of-a-long-text", "other-example-of-one"]


def text(place):
    """`repositories[].name`."""
    return ".".join(place).replace("." + ITEM, ITEM)


def place_of(words):
    """What text() wrote."""
    return tuple(part for word in words.split(".") for part in
                 re.findall(r"\[\]|[^\[\]]+", word))


class Schema:
    def __init__(self, document):
        self.document = document

    def resolve(self, node):
        """The node with its $ref and the parts of its allOf followed."""
        if node is True:
            return {}
        while "$ref" in node:
            target = self.document
            for word in node["$ref"].lstrip("#/").split("/"):
                target = target[word]
            node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        for part in node.get("allOf", []):
            part = self.resolve(part)
            merged = {**part.get("properties", {}), **node.get("properties", {})}
            node = {**part, **node, **({"properties": merged} if merged else {})}
        return node

    def branches(self, node):
        node = self.resolve(node)
        yield node
        for word in ("anyOf", "oneOf"):
            for branch in node.get(word, []):
                yield from self.branches(branch)

    def places(self, node=None, place=()):
        """Each (place, schema) that the schema names, outermost first."""
        for branch in self.branches(self.document if node is None else node):
            for key, below in branch.get("properties", {}).items():
                yield (*place, key), self.resolve(below)
                yield from self.places(below, (*place, key))
            items = branch.get("items")
            if isinstance(items, dict):
                yield from self.places(items, (*place, ITEM))

    def at(self, place):
        """The schema of a place; None when the schema does not name it."""
        node = self.resolve(self.document)
        for key in place:
            node = self._below(node, key)
            if node is None:
                return None
        return node

    def _below(self, node, key):
        for branch in self.branches(node):
            if key == ITEM and isinstance(branch.get("items"), dict):
                return self.resolve(branch["items"])
            if key in branch.get("properties", {}):
                return self.resolve(branch["properties"][key])
        return None

    def open_objects(self, node=None, place=()):
        """Places of objects with named properties, or none, that admit any other key."""
        for branch in self.branches(self.document if node is None else node):
            kinds = branch.get("type", [])
            is_object = "object" in ([kinds] if isinstance(kinds, str) else kinds)
            if (is_object or "properties" in branch) and "additionalProperties" not in branch:
                yield place
            if branch.get("properties") and branch.get("additionalProperties") not in (False, None):
                yield place
            for key, below in branch.get("properties", {}).items():
                yield from self.open_objects(below, (*place, key))
            if isinstance(branch.get("items"), dict):
                yield from self.open_objects(branch["items"], (*place, ITEM))
