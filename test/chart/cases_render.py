"""Every preset and every file of ci/ passes helm lint, by each helm renders the same, and holds to
the schemas of the real API server."""

import json
import subprocess

import objects
import openapi
import yaml
from helm import RenderFailed, for_each, none


def test_presets_and_ci_values_are_there(bench):
    wanted = {f"values-{word}.yaml" for word in
              ("dev", "production", "localstack", "hardened", "namespaced")}
    none((f"{name} is missing" for name in wanted - {path.name for path in bench.chart.presets()}),
         "presets")
    assert bench.chart.ci_values(), "no ci/*-values.yaml"


def test_helm_lint_is_silent(bench):
    def complaint(pair):
        helm, (name, files) = pair
        flags = [word for file in files for word in ("-f", file)]
        code, out, err = helm.run("lint", "--strict", bench.chart.path, *flags)
        told = [line for line in out.splitlines() if line.startswith(("[WARNING]", "[ERROR]"))]
        return f"{helm.name} lint, {name}: {' '.join(told)} {err}" if code or told else None

    none(for_each([(helm, each) for helm in bench.helms for each in bench.chart.variants()],
                  complaint), "complaints of helm lint")


def test_every_helm_renders_the_same(bench):
    def difference(variant):
        name, files = variant
        try:
            renders = [by_identity(helm.objects(bench.chart.path, files=files))
                       for helm in bench.helms]
        except RenderFailed as why:
            return f"{name}: {why}"
        for helm, other in zip(bench.helms[1:], renders[1:]):
            for found in objects.differences(renders[0], other):
                return f"{name}: {bench.helm.name} and {helm.name} differ at {found}"
        return None

    none(for_each(bench.chart.variants(), difference), "differences between helm versions")


def by_identity(rendered):
    return {objects.identity(each): each for each in rendered}


def test_oldest_kubernetes_renders(bench):
    """That which kubeVersion of Chart.yaml names; the one before is refused."""
    oldest = bench.chart.about["kubeVersion"].removeprefix(">=").split("-")[0]
    bench.helm.manifest(bench.chart.path, kubernetes=oldest)
    major, minor, _ = oldest.split(".")
    try:
        bench.helm.manifest(bench.chart.path, kubernetes=f"{major}.{int(minor) - 1}.0")
    except RenderFailed as why:
        assert "kubeVersion" in str(why), why
        return
    raise AssertionError(f"renders for a Kubernetes before {oldest}")


def test_objects_hold_to_the_schemas_of_the_server(bench):
    texts = {name: bench.helm.manifest(bench.chart.path, files=files)
             for name, files in bench.chart.variants()}
    none(nonconforming(bench, texts), "objects that kubeconform refuses")


def nonconforming(bench, texts):
    """What kubeconform says of manifests by name, strictly."""
    schemas = openapi.schemas(bench.cluster, bench.folder / "schemas")
    for name, text in texts.items():
        done = subprocess.run(
            [bench.tools / "kubeconform", "-strict", "-output", "json", "-summary",
             "-schema-location", str(schemas / "{{ .ResourceKind }}{{ .KindSuffix }}.json")],
            input=text, capture_output=True, text=True)
        told = json.loads(done.stdout or "{}")
        for each in told.get("resources", []):
            yield f"{name}: {each['kind']} {each['name']}: {each['msg']}"
        count = sum(1 for each in yaml.load_all(text, yaml.CSafeLoader) if each)
        if told.get("summary", {}).get("valid") != count:
            yield f"{name}: not all of {count} objects are valid: {done.stdout} {done.stderr}"
