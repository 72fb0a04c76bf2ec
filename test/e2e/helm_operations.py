"""Operations of model_operations (test/model/README.md) carried out by Helm's own binaries and the
API, one at a time. One that the server or Helm refuses changes nothing and is counted."""

import base64
import collections
import gzip
import itertools

import yaml

from cluster import wait_for
from plain_releases import release_secret

# A hook that nothing ever runs: whoever waits for it waits until killed.
HOOK = """apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-hook
  annotations: {"helm.sh/hook": "pre-install,pre-upgrade,pre-rollback"}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: x, image: x}]}}}
"""
OBJECT = """apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data: {{ "{" }}{{ .Values.key | quote }}: {{ .Chart.Version | quote }}{{ "}" }}
"""
UNDO = {3: "--atomic", 4: "--rollback-on-failure"}


def base(text):
    return base64.b64encode(text).decode()


def spoilt(stored, damage):
    """The value of data.release, as Helm wrote it, with this damage."""
    packed = base64.b64decode(stored)
    late = packed[:-8] + bytes(byte ^ 0xff for byte in packed[-8:])
    return {"empty": b"", "base64": b"!" + stored, "gzip": base64.b64encode(packed[:20]),
            "bad_json": base64.b64encode(gzip.compress(b'{"name": "x", "info": {')),
            "wrong_type": base64.b64encode(gzip.compress(b'["x"]')),
            "late": base64.b64encode(late)}[damage]


class HelmOperations:
    def __init__(self, bench):
        self.bench = bench
        self.majors = itertools.cycle((3, 4))
        self.failures = itertools.count()
        self.unspoilt = {}
        self.counts = collections.Counter()

    def apply(self, operation):
        op = operation["op"]
        self.ensure_namespace(operation.get("to_namespace") or operation["namespace"])
        did = getattr(self, op)(operation)
        outcome = operation.get("outcome", "")
        words = [op, outcome if outcome != "deployed" else "", "" if did else "refused"]
        self.counts[" ".join(word for word in words if word)] += 1

    # --- helm ---

    def chart(self, operation):
        """The folder of a chart with this name and these versions."""
        words = [operation["chart"], operation["chart_version"], operation.get("app_version", "")]
        folder = self.bench.folder / "charts" / "-".join(words).replace("/", "_")
        if not folder.exists():
            (folder / "templates").mkdir(parents=True)
            (folder / "Chart.yaml").write_text(yaml.safe_dump(
                {"apiVersion": "v2", **dict(zip(("name", "version", "appVersion"), words))}))
            (folder / "values.yaml").write_text("key: greeting\n")
            (folder / "templates/hook.yaml").write_text(HOOK)
            (folder / "templates/object.yaml").write_text(OBJECT)
        return folder

    def helm(self, operation, verb, *arguments):
        """Whether it ended as the operation says."""
        major = next(self.majors)
        command = [verb, operation["release"], *arguments, "-n", operation["namespace"]]
        outcome = operation.get("outcome", "deployed")
        if outcome == "pending":
            return self.helm_killed(major, operation, command)
        if outcome == "failed":
            command += ["--set", "key=not a key"]
            if verb == "upgrade" and next(self.failures) % 4 == 0:
                command.append(UNDO[major])
        done = self.bench.run_helm(major, *command, "--no-hooks")
        return (done.returncode == 0) == (outcome == "deployed")

    def helm_killed(self, major, operation, command):
        """Killed while it waits for a hook; False when it did not come so far."""
        process = self.bench.spawn_helm(major, *command)
        where = (f"/api/v1/namespaces/{operation['namespace']}/secrets?labelSelector=owner%3Dhelm,"
                 f"name%3D{operation['release']}")
        def is_pending():
            found = self.bench.api.must("GET", where)["items"]
            return process.poll() is not None or any(
                each["metadata"]["labels"].get("status", "").startswith("pending")
                for each in found)
        try:
            wait_for("helm is half-way", is_pending, 30, every=0.02)
            return process.poll() is None
        finally:
            process.kill()
            process.wait()

    def install(self, operation):
        return self.helm(operation, "install", *self.chart_flags(operation),
                         *(["--replace"] if operation["replace"] else []))

    def upgrade(self, operation):
        return self.helm(operation, "upgrade", *self.chart_flags(operation),
                         "--history-max", str(operation["history_max"]))

    def chart_flags(self, operation):
        labels = [f"{key}={text}" for key, text in operation.get("labels", {}).items()]
        return [self.chart(operation), *(["--labels", ",".join(labels)] if labels else [])]

    def rollback(self, operation):
        return self.helm(operation, "rollback", str(operation["revision"]),
                         "--history-max", str(operation["history_max"]))

    def uninstall(self, operation):
        return self.helm(operation, "uninstall",
                         *(["--keep-history"] if operation["keep_history"] else []))

    # --- kubectl ---

    def ensure_namespace(self, ns):
        status, _ = self.bench.api.send("POST", "/api/v1/namespaces", {"metadata": {"name": ns}})
        assert status in (201, 409), status

    def secrets(self, ns, name=""):
        return f"/api/v1/namespaces/{ns}/secrets" + (f"/{name}" if name else "")

    def find(self, operation):
        """The Secret without what the server wrote into it, None when it is not there."""
        status, found = self.bench.api.send(
            "GET", self.secrets(operation["namespace"], operation["object"]))
        if status != 200:
            return None
        kept = {key: found["metadata"][key] for key in ("name", "namespace", "labels")
                if key in found["metadata"]}
        return {**{key: found[key] for key in ("type", "data") if key in found}, "metadata": kept}

    def put(self, secret):
        where = secret["metadata"]
        status, told = self.bench.api.send("PUT", self.secrets(where["namespace"], where["name"]),
                                           secret)
        assert status == 200, told
        return True

    def create(self, secret):
        status, told = self.bench.api.send("POST", self.secrets(secret["metadata"]["namespace"]),
                                           secret)
        assert status in (201, 409), told
        return status == 201

    def delete(self, operation):
        status, _ = self.bench.api.send(
            "DELETE", self.secrets(operation["namespace"], operation["object"]))
        return status == 200

    def replace(self, operation):
        secret = self.find(operation)
        return bool(secret) and self.delete(operation) and self.create(secret)

    def copy(self, operation):
        secret = self.find(operation)
        if not secret:
            return False
        secret["metadata"].update(name=operation["to_object"], namespace=operation["to_namespace"])
        return self.create(secret)

    def set_label(self, operation):
        secret = self.find(operation)
        if not secret:
            return False
        secret["metadata"].setdefault("labels", {})[operation["label"]] = operation["value"]
        return self.put(secret)

    def remove_label(self, operation):
        secret = self.find(operation)
        if not secret or operation["label"] not in secret["metadata"].get("labels", {}):
            return False
        del secret["metadata"]["labels"][operation["label"]]
        return self.put(secret)

    def corrupt(self, operation):
        secret = self.find(operation)
        if not secret:
            return False
        key = operation["namespace"], operation["object"]
        whole = self.unspoilt.setdefault(key, secret.get("data", {}).get("release"))
        if not whole:
            return False
        if operation["damage"] == "no_release_key":
            secret["data"] = {}
        else:
            secret["data"] = {"release": base(spoilt(base64.b64decode(whole), operation["damage"]))}
        return self.put(secret)

    def repair(self, operation):
        secret = self.find(operation)
        whole = self.unspoilt.pop((operation["namespace"], operation["object"]), None)
        if not secret or not whole:
            return False
        secret["data"] = {"release": whole}
        return self.put(secret)

    def create_foreign(self, operation):
        secret = release_secret(operation["namespace"], "foreign", 1)
        secret["metadata"]["name"] = operation["object"]
        if operation["foreign"] == "other_type":
            secret["type"] = "Opaque"
        elif operation["foreign"] == "no_owner":
            del secret["metadata"]["labels"]["owner"]
        return self.create(secret)

    def delete_namespace(self, operation):
        path = f"/api/v1/namespaces/{operation['namespace']}"
        self.bench.api.send("DELETE", path)
        wait_for("the namespace is gone", lambda: self.bench.api.send("GET", path)[0] == 404, 90)
        return True
