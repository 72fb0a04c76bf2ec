"""JSON schemas of every kind that a live API server knows, for kubeconform, from its OpenAPI v3
documents: a file a kind, named as kubeconform asks for it."""

import json

from cluster import wait_for

CRD_GROUPS = ["apis/monitoring.coreos.com/v1", "apis/gateway.networking.k8s.io/v1"]


def schemas(cluster, folder):
    """The folder, written once."""
    if folder.exists():
        return folder
    folder.mkdir(parents=True)
    wait_for("documents of the CRDs", lambda: set(CRD_GROUPS) <= set(documents(cluster)))
    for path in documents(cluster).values():
        parts = cluster.api("GET", path["serverRelativeURL"]).get("components", {}) \
            .get("schemas", {})
        closed = {name: strict(part) for name, part in parts.items()}
        for name, part in parts.items():
            for kind in part.get("x-kubernetes-group-version-kind", []):
                write(folder, kind, name, closed)
    return folder


def documents(cluster):
    return cluster.api("GET", "/openapi/v3")["paths"]


def write(folder, kind, name, parts):
    words = [kind["kind"].lower(), *[word for word in (kind["group"].split(".")[0],) if word],
             kind["version"].lower()]
    used = needed(name, parts)
    document = {**parts[name], "components": {"schemas": {each: parts[each] for each in used}}}
    (folder / ("-".join(words) + ".json")).write_text(json.dumps(document))


def needed(name, parts):
    """The names of all schemas that one leads to."""
    found, left = set(), [name]
    while left:
        for each in references(parts[left.pop()]):
            if each not in found:
                found.add(each)
                left.append(each)
    return found


def references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rsplit("/", 1)[-1]
        for below in node.values():
            yield from references(below)
    elif isinstance(node, list):
        for below in node:
            yield from references(below)


def strict(node):
    """OpenAPI's dialect as JSON schema, refusing fields that are not named."""
    if isinstance(node, list):
        return [strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    node = {key: value if key in ("enum", "default", "required") else
            {name: strict(below) for name, below in value.items()} if key == "properties"
            else strict(value) for key, value in node.items()}
    # Two that are alike in this: an int-or-string, by CRDs and by Kubernetes' own types.
    if node.get("x-kubernetes-int-or-string") or node.get("format") == "int-or-string":
        return {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    if isinstance(node.get("format"), str) and node.get("format") not in ("date-time",):
        node.pop("format")
    open_ended = node.get("x-kubernetes-preserve-unknown-fields") or \
        node.get("x-kubernetes-embedded-resource")
    if node.get("properties") and "additionalProperties" not in node and not open_ended:
        node["additionalProperties"] = False
    if node.pop("nullable", False) and isinstance(node.get("type"), str):
        node["type"] = [node["type"], "null"]
    return node
