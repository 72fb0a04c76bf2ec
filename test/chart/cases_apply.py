"""A real API server takes every object that the chart and config/ make, where Pod Security
"restricted" is enforced, without a warning."""

import os
import subprocess

import objects
import yaml
from helm import none

NAMESPACE = "helm-lookout"


def test_server_takes_every_object(bench):
    none((refusal for name, files in bench.chart.variants()
          for refusal in refusals(bench, name, bench.helm.manifest(bench.chart.path, files=files))),
         "objects that the API server refuses or warns of")


def refusals(bench, name, text):
    """What the server says of a server-side dry run of all objects of one render."""
    rendered = [each for each in yaml.load_all(text, yaml.CSafeLoader) if each]
    for each in {NAMESPACE, *(each["metadata"].get("namespace", NAMESPACE) for each in rendered)}:
        bench.namespace(each)
    code, out, err = dry_run(bench, text)
    if code or err.strip():
        yield f"{name}: {err.strip()}"
    elif len(out.splitlines()) != len(rendered):
        yield f"{name}: {len(rendered)} objects, but the server answered:\n{out}"


def dry_run(bench, text):
    done = subprocess.run(
        [bench.tools / "kubectl", "apply", "--server-side", "--dry-run=server", "--validate=strict",
         "--namespace", NAMESPACE, "-f", "-"], input=text, capture_output=True, text=True,
        env={**os.environ, "KUBECONFIG": str(bench.cluster.kubeconfig)})
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
