"""A real API server takes every object that the chart and config/ make, where Pod Security
"restricted" is enforced, without a warning."""

import os
import subprocess

import objects
import yaml
from bench import table
from helm import none

NAMESPACE = "helm-lookout"


def test_server_takes_every_object(bench):
    none(refused(bench, {name: bench.helm.manifest(bench.chart.path, files=files)
                         for name, files in bench.chart.variants()}),
         "objects that the API server refuses or warns of")


def refused(bench, manifests):
    """What the server says of a dry run of all objects of the manifests by name. All at once at
    first, since nearly always it says nothing."""
    if list(refusals(bench, "all", "\n---\n".join(manifests.values()))):
        for name, text in manifests.items():
            yield from refusals(bench, name, text)


def test_every_object_of_the_chart_names_its_namespace(bench):
    """`helm template | kubectl apply` puts them where `helm install` does."""
    none((f"{objects.identity(each)} has none" for each in
          bench.helm.objects(bench.chart.path, table("everything.yaml"))
          if each["kind"] not in objects.CLUSTER_WIDE and "namespace" not in each["metadata"]),
         "objects without a namespace")


def refusals(bench, name, text):
    """What the server says of a server-side dry run of all objects of one render."""
    rendered = [each for each in yaml.load_all(text, yaml.CSafeLoader) if each]
    for each in {NAMESPACE, *(each["metadata"].get("namespace", NAMESPACE) for each in rendered)}:
        bench.namespace(each)
    code, out, err = dry_run(bench, text)
    if code or err.strip():
        yield f"{name}: {err.strip() or code}"
    elif len(out.splitlines()) != len(rendered):
        yield f"{name}: {len(rendered)} objects, but the server answered:\n{out}"


def dry_run(bench, text):
    """What the server says; an object of the user's that names no namespace is in the release's."""
    kubeconfig = bench.kubeconfig_in(NAMESPACE)
    done = subprocess.run(
        [bench.tools / "kubectl", "apply", "--server-side", "--dry-run=server", "--validate=strict",
         "-f", "-"], input=text, capture_output=True, text=True,
        env={**os.environ, "KUBECONFIG": str(kubeconfig)})
    return done.returncode, done.stdout, done.stderr


def test_server_warns_of_what_is_not_restricted(bench):
    """The check above can fail: the same Deployment without its security context, a field that is
    not there."""
    text = bench.helm.manifest(bench.chart.path)
    bench.namespace(NAMESPACE)
    [deployment] = objects.chosen(list(yaml.safe_load_all(text)), "Deployment")
    pod = deployment["spec"]["template"]["spec"]
    pod["containers"][0].pop("securityContext")
    _, _, err = dry_run(bench, yaml.safe_dump(deployment))
    assert "would violate PodSecurity" in err, err
    pod["tolerances"] = []
    code, _, err = dry_run(bench, yaml.safe_dump(deployment))
    assert code and "tolerances" in err, err
