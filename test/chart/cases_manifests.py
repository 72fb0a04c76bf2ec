"""config/ gives the same objects as the chart: kustomize's render beside helm's, without what
only Helm adds."""

import json
import subprocess

import cases_apply
import cases_render
import objects
from bench import table
from helm import none, objects_of

HELM_ONLY = ("helm.sh/", "meta.helm.sh/", "app.kubernetes.io/managed-by", "checksum/")


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
                lacks = "config" if name not in of_config else "the chart"
                problems.append(f"{overlay}: {lacks} has no {name}")
                continue
            problems += (f"{overlay}: {name}: {path}: "
                         f"chart {shown(of_chart[name], path)}, config {shown(of_config[name], path)}"
                         for path in objects.differences(of_chart[name], of_config[name]))
    none(problems, "differences of the chart and config/")


def shown(thing, path):
    found = objects.at_path(thing, path) if "checksum" not in path else "?"
    return "nothing" if found is objects.MISSING else repr(found)[:160]


def comparable(rendered):
    """By identity, without Helm's marks; kustomize brings the namespace, which Helm does not."""
    return {objects.identity(placed(each)): bare(placed(each)) for each in rendered
            if each["kind"] != "Namespace"
            and "helm.sh/hook" not in each["metadata"].get("annotations", {})}


def placed(thing):
    if thing["kind"] in ("ClusterRole", "ClusterRoleBinding"):
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
    none((refusal for each in overlays(bench)
          for refusal in cases_apply.refusals(bench, f"config/{each}", built(bench, each))),
         "objects that the API server refuses or warns of")
