"""What /metrics must say, worked out from the Secrets and from helm alone."""

import base64
import datetime
import json
import re

from cluster import decode_payload

ALWAYS = ["deployed", "failed", "pending-install", "pending-rollback", "pending-upgrade"]
NAME = re.compile(r"^sh\.helm\.release\.v1\.(.+)\.v([1-9][0-9]*)$")


def unix_seconds(text):
    """Whole Unix seconds of an RFC 3339 time with any fraction; None for Helm's zero times."""
    if not text or text.startswith("0001-"):
        return None
    match = re.match(r"^(.{19})(?:\.\d+)?(Z|[+-]\d\d:\d\d)$", text)
    zone = "+00:00" if match[2] == "Z" else match[2]
    return int(datetime.datetime.fromisoformat(match[1] + zone).timestamp())


def group_by_release(secrets):
    releases = {}
    for secret in secrets:
        match = NAME.match(secret["metadata"]["name"])
        key = (secret["metadata"]["namespace"], match[1])
        releases.setdefault(key, {})[int(match[2])] = secret
    return releases


def expected_samples(secrets):
    """{(family, frozenset of labels): value} for every helm_release_* family."""
    out = {}
    for (ns, name), revisions in group_by_release(secrets).items():
        def put(family, value, **labels):
            out[family, frozenset({"name": name, "namespace": ns, **labels}.items())] = value

        current = max(revisions)
        payload = decode_payload(revisions[current])
        info = payload["info"]
        chart = payload["chart"]["metadata"]
        put("helm_release_info", 1, app_version=chart.get("appVersion", ""), chart=chart["name"],
            chart_version=chart["version"], revision=str(current))
        put("helm_release_revision", current)
        for status in ALWAYS:
            put("helm_release_status", float(info["status"] == status), status=status)
        if info["status"] not in ALWAYS:
            put("helm_release_status", 1, status=info["status"])
        put("helm_release_updated", unix_seconds(info["last_deployed"]))
        put("helm_release_first_deployed_timestamp_seconds", unix_seconds(info["first_deployed"]))
        put("helm_release_revisions", len(revisions))
        put("helm_release_storage_bytes",
            len(base64.b64decode(revisions[current]["data"]["release"])))
        deployed = [revision for revision, secret in revisions.items()
                    if secret["metadata"]["labels"]["status"] == "deployed"]
        if deployed:
            put("helm_release_deployed_revision", max(deployed))
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
