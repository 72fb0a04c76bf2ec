"""Release Secrets with something secret in every field, whole and damaged."""

import base64
import gzip
import json

from canaries import random_text

NAMESPACE = "vault"


def document(secrets, name, chart="web", status="deployed"):
    """A release in Helm's order of fields. What is shown of it: name, chart, versions, status."""
    def plant(field):
        return secrets.plant(f"{name}: {field}")
    return {
        "name": name,
        "info": {"first_deployed": "2026-01-01T10:00:00Z", "last_deployed": "2026-01-02T10:00:00Z",
                 "deleted": "", "description": plant("description"), "status": status,
                 "notes": plant("notes")},
        "chart": {
            "metadata": {
                "name": chart, "version": "1.2.3", "appVersion": "4.5",
                "home": plant("home"), "sources": [plant("sources")],
                "description": plant("chart description"), "keywords": [plant("keywords")],
                "maintainers": [{"name": plant("maintainer"), "email": plant("email")}],
                "icon": plant("icon"), "annotations": {plant("annotation key"): plant("annotation")},
                "dependencies": [{"name": plant("dependency"), "repository": plant("dependency URL")}]},
            "lock": {"digest": plant("lock")},
            "templates": [{"name": plant("template name"), "data": encoded(plant("template"))}],
            "values": {"password": plant("chart values")},
            "schema": encoded(plant("schema")),
            "files": [{"name": plant("file name"), "data": encoded(plant("file"))}]},
        "config": {"password": plant("values"), plant("value key"): {"deep": [plant("deep value")]},
                   # Incompressible, so that the payload is longer than any buffer.
                   "long": random_text(60_000) + plant("long values")},
        "manifest": plant("manifest"),
        "hooks": [{"name": plant("hook name"), "manifest": plant("hook"),
                   "last_run": {"phase": plant("phase")}}],
        "version": 1, "namespace": NAMESPACE, "labels": {"team": plant("payload label")}}


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def payload(text):
    """As Helm stores it, less the base64 of the API."""
    return base64.b64encode(gzip.compress(text.encode(), mtime=0))


def secret(secrets, name, release, **more):
    """The object to POST; `release` are the bytes of its key."""
    return {
        "metadata": {
            "name": f"sh.helm.release.v1.{name}.v1", "namespace": NAMESPACE,
            "labels": {"owner": "helm", "name": name, "status": "deployed", "version": "1",
                       "private": secrets.plant(f"{name}: label"), **more.pop("labels", {})},
            "annotations": {"private": secrets.plant(f"{name}: annotation")},
            "ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "uid": "none",
                                 "name": secrets.plant(f"{name}: owner").lower()}]},
        "type": "helm.sh/release.v1",
        "data": {"release": base64.b64encode(release).decode(),
                 "other": encoded(secrets.plant(f"{name}: other key"))}, **more}


def damaged(secrets):
    """{name: bytes of the key} with something secret next to what is wrong."""
    def plant(what):
        return secrets.plant(f"damaged {what}")
    whole = document(secrets, "crc")
    broken_sum = bytearray(gzip.compress(json.dumps(whole).encode(), mtime=0))
    broken_sum[-6] ^= 1
    return {
        "no-base64": payload(json.dumps({"name": plant("base64")}))[:-8] + b"!!!!"
        + plant("base64 itself").encode(),
        "no-gzip": base64.b64encode(b"\x1f\x8b\x08\0" + plant("gzip").encode()),
        "crc": base64.b64encode(bytes(broken_sum)),
        "half": payload('{"name": "half", "info": {"description": "' + plant("half")),
        "no-json": payload('{"name": ' + plant("bare word") + "}"),
        "type": payload(json.dumps({"name": {plant("key"): plant("wrong type")}})),
        "time": payload(json.dumps({"name": "time", "info": {"last_deployed": plant("time")}})),
        "status": payload(json.dumps({"name": "status", "info": {"status": plant("status")},
                                      "chart": {"metadata": {"name": "web"}}})),
        "escape": payload('{"name": "\\u' + plant("escape") + '"}'),
        "raw": plant("raw").encode(),
        "nothing": b"",
    }


def foreign(secrets):
    """Objects that are none of Helm's."""
    def plant(what):
        return encoded(secrets.plant(f"foreign {what}"))
    return [
        {"metadata": {"name": "password", "namespace": NAMESPACE}, "type": "Opaque",
         "data": {"password": plant("password"), "release": plant("release")}},
        {"metadata": {"name": "sh.helm.release.v1.posing.v1", "namespace": NAMESPACE,
                      "labels": {"owner": "helm", "name": "posing", "status": "deployed",
                                 "version": "1"}},
         "type": "Opaque", "data": {"release": plant("of another type")}},
        {"metadata": {"name": "no-name-of-helm", "namespace": NAMESPACE,
                      "labels": {"owner": "helm"}},
         "type": "helm.sh/release.v1", "data": {"release": plant("of another name")}},
    ]
