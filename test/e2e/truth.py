"""What /metrics must say, worked out from the Secrets and from helm alone."""

import base64
import binascii
import collections
import datetime
import json
import re
import zlib

ALWAYS = ["deployed", "failed", "pending-install", "pending-rollback", "pending-upgrade"]
STATUSES = {*ALWAYS, "unknown", "uninstalled", "superseded", "uninstalling"}
WORD = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
NAME = re.compile(rf"^sh\.helm\.release\.v1\.({WORD}(?:\.{WORD})*)\.v([1-9][0-9]*)$")
REVISION_MAX = 2**31 - 1
GZIP = b"\x1f\x8b\x08"
SYSTEM_LABELS = {"createdAt", "modifiedAt", "name", "owner", "status", "version"}

# What a Secret holds: the document, or None and the reason; size is None without the key `release`.
Payload = collections.namedtuple("Payload", "document reason size")


def unix_seconds(text):
    """Whole Unix seconds of an RFC 3339 time with any fraction; None for Helm's zero times."""
    if not text or text.startswith("0001-"):
        return None
    match = re.match(r"^(.{19})(?:\.\d+)?(Z|[+-]\d\d:\d\d)$", text)
    zone = "+00:00" if match[2] == "Z" else match[2]
    return int(datetime.datetime.fromisoformat(match[1] + zone).timestamp())


def group_by_release(secrets):
    """{(namespace, name): {revision: Secret}} of those whose names are Helm's."""
    releases = {}
    for secret in secrets:
        match = NAME.match(secret["metadata"]["name"])
        if match and int(match[2]) <= REVISION_MAX:
            key = (secret["metadata"]["namespace"], match[1])
            releases.setdefault(key, {})[int(match[2])] = secret
    return releases


def inflate(packed):
    """Without the check of the last eight bytes, which a reader that stops early does not see.
    Helm's gzip header is ten bytes."""
    stream = zlib.decompressobj(-15)
    text = stream.decompress(packed[10:])
    if not stream.eof:
        raise zlib.error("cut")
    return text


def read_payload(secret):
    """As Helm's decodeRelease does, step by step."""
    if "release" not in secret.get("data", {}):
        return Payload(None, "no_release_key", None)
    stored = base64.b64decode(secret["data"]["release"])
    if not stored:
        return Payload(None, "empty", 0)
    try:
        packed = base64.b64decode(stored.replace(b"\n", b"").replace(b"\r", b""), validate=True)
    except binascii.Error:
        return Payload(None, "base64", len(stored))
    try:
        document = json.loads(inflate(packed) if packed.startswith(GZIP) else packed)
    except zlib.error:
        return Payload(None, "gzip", len(stored))
    except ValueError:
        return Payload(None, "bad_json", len(stored))
    if not isinstance(document, dict):
        return Payload(None, "wrong_type", len(stored))
    return Payload(document, None, len(stored))


def label(secret, name):
    return secret["metadata"].get("labels", {}).get(name, "")


def status_of(secret, info):
    for status in (info.get("status"), label(secret, "status")):
        if status in STATUSES:
            return status
    return "unknown"


def release_facts(revisions, user_labels=False):
    """[(family, value, labels beside name and namespace)] of one release."""
    current = max(revisions)
    secret = revisions[current]
    payload = read_payload(secret)
    document = payload.document or {}
    info = document.get("info") or {}
    chart = (document.get("chart") or {}).get("metadata")
    shown = {"app_version": "appVersion", "chart": "name", "chart_version": "version"}
    status = status_of(secret, info)
    deployed = [n for n, each in revisions.items() if label(each, "status") == "deployed"]
    facts = [
        ("info", 1, {"revision": str(current), **{
            key: "MISSING" if chart is None else chart.get(field, "")
            for key, field in shown.items()}}),
        ("revision", current, {}), ("revisions", len(revisions), {}),
        *(("status", float(each == status), {"status": each}) for each in {*ALWAYS, status}),
        ("updated", unix_seconds(info.get("last_deployed")), {}),
        ("first_deployed_timestamp_seconds", unix_seconds(info.get("first_deployed")), {}),
        ("storage_bytes", payload.size, {}),
        ("deployed_revision", max(deployed, default=None), {})]
    if payload.reason:
        facts.append(("undecodable", 1, {"revision": str(current), "reason": payload.reason}))
    shown_labels = prometheus_labels(secret["metadata"].get("labels", {}))
    if user_labels and shown_labels:
        facts.append(("labels", 1, shown_labels))
    return facts


def prometheus_labels(labels):
    """kube-state-metrics' rules: snake case, and numbers for keys that become the same."""
    names = {key: "label_" + re.sub(r"[^a-z0-9_]", "_", re.sub(
        r"([a-z0-9])([A-Z])", r"\1_\2", key).lower())
        for key in sorted(labels) if key not in SYSTEM_LABELS}
    out, count = {}, collections.Counter(names.values())
    numbers = collections.Counter()
    for key, name in names.items():
        if count[name] > 1:
            numbers[name] += 1
            name = f"{name}_conflict{numbers[name]}"
        out[name] = labels[key]
    return out


def ignored_secrets(secrets):
    """{reason: how many} of those whose names are not Helm's."""
    out = {"bad_name": 0, "unsupported_version": 0}
    for secret in secrets:
        name = secret["metadata"]["name"]
        if not NAME.match(name) or int(NAME.match(name)[2]) > REVISION_MAX:
            later = re.match(r"^sh\.helm\.release\.v([1-9][0-9]*)\.", name)
            out["unsupported_version" if later and later[1] != "1" else "bad_name"] += 1
    return out


def expected_samples(secrets, user_labels=False):
    """{(family, frozenset of labels): value} for every helm_release_* family. What has failed to
    decode before is not to be seen in Secrets: helm_release_errors is expected to be 0."""
    out = {}
    for (ns, name), revisions in group_by_release(secrets).items():
        for family, value, labels in release_facts(revisions, user_labels):
            if value is not None:
                shown = {"name": name, "namespace": ns, **labels}
                out[f"helm_release_{family}", frozenset(shown.items())] = value
        out["helm_release_errors", frozenset({("namespace", ns)})] = 0
    return out


def check_against_helm(samples, listed):
    """`helm list -A -a -o json` and the samples tell the same releases."""
    told = {}
    for (family, labels), _ in samples.items():
        if family == "helm_release_info":
            row = dict(labels)
            told[row["namespace"], row["name"]] = row
    assert len(told) == len(listed), f"{len(told)} series, helm lists {len(listed)}"
    for release in listed:
        row = told[release["namespace"], release["name"]]
        assert row["revision"] == str(release["revision"]), release
        assert f'{row["chart"]}-{row["chart_version"]}' == release["chart"], release
        assert row["app_version"] == release["app_version"], release
        status = ("helm_release_status", frozenset(
            {"name": release["name"], "namespace": release["namespace"],
             "status": release["status"]}.items()))
        assert samples.get(status) == 1, release


def difference(expected, got):
    """Readable lines of what differs; empty when equal."""
    lines = []
    for key in sorted(set(expected) | set(got), key=str):
        if expected.get(key) != got.get(key):
            lines.append(f"{key[0]} {dict(key[1])}: expected {expected.get(key)}, "
                         f"got {got.get(key)}")
    return "\n".join(lines[:20])
