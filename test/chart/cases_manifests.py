"""config/ gives the same objects as the chart: kustomize's render beside helm's, without what
only Helm adds."""

import json
import subprocess

import cases_apply
import cases_render
import objects
import yaml
from bench import table
from helm import none, objects_of

# The version of config/ is its image's tag.
HELM_ONLY = ("helm.sh/", "app.kubernetes.io/managed-by", "app.kubernetes.io/version", "checksum/")


def built(bench, overlay):
    """What `kubectl apply -k` would send, by kustomize, which kubectl has inside."""
    done = subprocess.run([bench.tools / "kustomize", "build", bench.root / "config" / overlay],
                          capture_output=True, text=True)
    assert done.returncode == 0, f"{overlay}: {done.stderr}"
    assert not done.stderr, f"{overlay}: {done.stderr}"
    return done.stdout


def test_manifests_give_the_objects_of_the_chart(bench):
    problems = []
    for overlay, values in table("manifests.yaml").items():
        files = [bench.chart.path / name for name in values.pop("files", [])]
        of_chart = comparable(bench.helm.objects(bench.chart.path, values, files=files))
        of_config = comparable(objects_of(built(bench, overlay)))
        for name in sorted({*of_chart, *of_config}):
            if name not in of_config or name not in of_chart:
                lacks = "config/" if name not in of_config else "the chart"
                problems.append(f"{overlay}: {lacks} has no {name}")
                continue
            problems += (f"{overlay}: {name}: {difference}" for difference in
                         objects.differences(of_chart[name], of_config[name]))
    none(problems, "differences of the chart and config/")


def comparable(rendered):
    """By identity, without Helm's marks; kustomize brings the namespace, which Helm does not."""
    kept = [plainly_named(placed(each)) for each in rendered if each["kind"] != "Namespace"
            and "helm.sh/hook" not in each["metadata"].get("annotations", {})]
    found = {objects.identity(each): bare(each) for each in kept}
    assert len(found) == len(kept), [objects.identity(each) for each in kept]
    return found


def plainly_named(thing):
    """The chart's roles have names that are unique in the cluster; config/ is there once."""
    if thing["apiVersion"] != "rbac.authorization.k8s.io/v1":
        return thing
    named = {**thing, "metadata": {**thing["metadata"], "name": "helm-lookout"}}
    return {**named, "roleRef": {**thing["roleRef"], "name": "helm-lookout"}} \
        if "roleRef" in thing else named


def placed(thing):
    if thing["kind"] in objects.CLUSTER_WIDE:
        return thing
    return {**thing, "metadata": {"namespace": cases_apply.NAMESPACE, **thing["metadata"]}}


def bare(thing):
    if isinstance(thing, dict):
        kept = {key: bare(value) for key, value in thing.items()
                if not str(key).startswith(HELM_ONLY)}
        return {key: value for key, value in kept.items()
                if not (key in ("labels", "annotations") and not value)}
    return [bare(each) for each in thing] if isinstance(thing, list) else thing


def overlays(bench):
    return sorted(path.parent.name for path in bench.root.glob("config/*/kustomization.yaml"))


def test_copies_of_alerts_and_dashboards_are_fresh(bench):
    config = bench.root / "config/with-monitoring"
    copies = {path.name: path.read_text() for path in config.glob("dashboards/*.json")}
    originals = {path.name: path.read_text() for path in bench.chart.path.glob("dashboards/*.json")}
    alerts = yaml.safe_load((bench.chart.path / "rules/helm-lookout.yaml").read_text())
    rule = yaml.safe_load((config / "prometheus_rule.yaml").read_text())
    assert copies == originals and rule["spec"] == alerts, "run scripts/manifests"


def test_default_is_cluster_wide(bench):
    assert built(bench, "default") == built(bench, "cluster-wide")


def test_every_overlay_builds_the_same_in_kubectl(bench):
    for overlay in overlays(bench):
        text = bench.cluster.kubectl("kustomize", bench.root / "config" / overlay)
        assert json.dumps(objects_of(text)) == json.dumps(objects_of(built(bench, overlay))), overlay


def test_every_overlay_holds_to_the_schemas_of_the_server(bench):
    none(cases_render.nonconforming(bench, {f"config/{each}": built(bench, each)
                                            for each in overlays(bench)}),
         "objects that kubeconform refuses")


def test_server_takes_every_overlay(bench):
    none(cases_apply.refused(bench, {f"config/{each}": built(bench, each)
                                     for each in overlays(bench)}),
         "objects that the API server refuses or warns of")
