"""What the tests share: the chart, the helm programs, and one API server for those who ask."""

import json
import pathlib
import re
import threading

import yaml

from cluster import Cluster, wait_for
from helm import Helm
from schema import Schema

HERE = pathlib.Path(__file__).resolve().parent


class ChartFiles:
    """What a chart's folder says; may be absent in part."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.about = self._yaml("Chart.yaml")
        self.values = self._yaml("values.yaml")
        schema = self.path / "values.schema.json"
        self.schema = Schema(json.loads(schema.read_text()) if schema.exists() else {})

    def templates(self):
        """(name, text) of each file that Helm renders."""
        return [(str(path.relative_to(self.path)), path.read_text())
                for path in sorted((self.path / "templates").rglob("*")) if path.is_file()]

    def presets(self):
        return sorted(self.path.glob("values-*.yaml"))

    def ci_values(self):
        return sorted((self.path / "ci").glob("*-values.yaml"))

    def shipped(self):
        """(name, values files) of what people install: the defaults and the presets."""
        return [("defaults", ()), *((path.name, (path,)) for path in self.presets())]

    def variants(self):
        """Those and what ci/ has."""
        return [*self.shipped(), *((path.name, (path,)) for path in self.ci_values())]

    def _yaml(self, name):
        return yaml.safe_load((self.path / name).read_text()) or {}


class DualStackCluster(Cluster):
    """With Services of both families, as the chart can ask for them."""

    def _spawn(self, name, *arguments):
        return super()._spawn(name, *(
            f"{each},fd00:10:96::/112"
            if str(each).startswith("--service-cluster-ip-range=") else each
            for each in arguments))


class Bench:
    def __init__(self, root, tools, folder):
        self.root = root
        self.tools = pathlib.Path(tools)
        self.folder = folder
        self.crds = self.tools.parent / "crds"
        self.chart = ChartFiles(root / "charts/helm-lookout")
        self.helms = [Helm(self.tools / name, folder) for name in ("helm3", "helm310", "helm4")]
        self.helm = self.helms[0]
        self.namespaces = set()
        self.lock = threading.RLock()
        self._cluster = None
        self._is_ready = False

    def start(self):
        """Nothing: the API server starts when it is asked for."""

    @property
    def cluster(self):
        """The real API server, with the CRDs of the chart's optional objects."""
        with self.lock:
            if self._cluster is None:
                self._cluster = DualStackCluster(self.tools, self.folder / "cluster")
                (self.folder / "cluster").mkdir()
                self._cluster.start()
                self._cluster.kubectl("apply", "--server-side", "-f", self.crds,
                                      "-f", HERE / "testdata/cluster.yaml")
                wait_for("CRDs served", self._crds_are_served)
                self._is_ready = True
        assert self._is_ready, "the API server did not start"
        return self._cluster

    def _crds_are_served(self):
        crds = json.loads(self._cluster.kubectl("get", "crd", "-o", "json"))["items"]
        return all(any(each["type"] == "Established" and each["status"] == "True"
                       for each in crd.get("status", {}).get("conditions", [])) for crd in crds)

    def kubeconfig_in(self, namespace):
        """Of the administrator, with a default namespace."""
        path = self.folder / f"{namespace}.kubeconfig"
        with self.lock:
            if not path.exists():
                config = json.loads(self.cluster.kubeconfig.read_text())
                config["contexts"][0]["context"]["namespace"] = namespace
                path.write_text(json.dumps(config))
        return path

    def namespace(self, name):
        """Made when it is not there, with Pod Security "restricted" enforced and warned of."""
        with self.lock:
            if name not in self.namespaces:
                self._make_namespace(name)
                self.namespaces.add(name)
        return name

    def _make_namespace(self, name):
        labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
        self.cluster.kubectl("apply", "--server-side", "-f", "-", stdin=json.dumps(
            {"apiVersion": "v1", "kind": "Namespace",
             "metadata": {"name": name, "labels": labels}}))

    def stop(self):
        if self._cluster:
            self._cluster.stop()


def table(name):
    return yaml.safe_load((HERE / name).read_text())


def project_version(root):
    return re.search(r"project\([^)]*VERSION\s+([\d.]+)", (root / "CMakeLists.txt").read_text())[1]
