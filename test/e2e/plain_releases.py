"""Release Secrets as Helm writes them, without Helm: for tests that need thousands."""

import base64
import gzip
import json

CREATED = "2026-03-04T05:06:07.123456789Z"


def payload(ns, name, revision, status="deployed", chart_version="1.0.0"):
    document = {
        "name": name, "info": {"first_deployed": CREATED, "last_deployed": CREATED, "deleted": "",
                               "description": "Install complete", "status": status},
        "chart": {"metadata": {"name": "webserver", "version": chart_version,
                               "apiVersion": "v2", "appVersion": "2.4"}, "templates": []},
        "manifest": "---\n", "version": revision, "namespace": ns}
    packed = base64.b64encode(gzip.compress(json.dumps(document).encode(), 1))
    return base64.b64encode(packed).decode()


def release_secret(ns, name, revision, status="deployed", chart_version="1.0.0", labels=None):
    return {
        "apiVersion": "v1", "kind": "Secret", "type": "helm.sh/release.v1",
        "metadata": {"name": f"sh.helm.release.v1.{name}.v{revision}", "namespace": ns,
                     "labels": {"owner": "helm", "name": name, "status": status,
                                "version": str(revision), "modifiedAt": "1772600767",
                                **(labels or {})}},
        "data": {"release": payload(ns, name, revision, status, chart_version)}}


def path_of(ns, name, revision):
    return f"/api/v1/namespaces/{ns}/secrets/sh.helm.release.v1.{name}.v{revision}"
