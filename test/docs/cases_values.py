"""Values that documentation or migrate-values gives fit the chart: rendered by both Helms, whose
schema is closed, and accepted as settings."""

import subprocess

import yaml

HELMS = ("helm3", "helm4")


def rendered(bench, helm, files):
    """The objects, or an AssertionError with what Helm says."""
    command = [bench.servers / helm, "template", "helm-lookout", bench.root / "charts/helm-lookout",
               "--namespace", "helm-lookout", "--kube-version", "1.33.0"]
    for file in files:
        command += ["--values", file]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(bench.folder)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 0, f"{helm} {[f.name for f in files]}: {done.stderr}"
    return [each for each in yaml.safe_load_all(done.stdout) if each]


def one(objects, kind, name="helm-lookout"):
    found = [each for each in objects
             if each["kind"] == kind and each["metadata"]["name"] == name]
    assert len(found) == 1, [(each["kind"], each["metadata"]["name"]) for each in objects]
    return found[0]


def variables(objects):
    container = one(objects, "Deployment")["spec"]["template"]["spec"]["containers"][0]
    return {each["name"]: each for each in container.get("env", [])}


def settings(objects):
    return yaml.safe_load(one(objects, "ConfigMap")["data"]["settings.yaml"])


def aws_values(bench):
    return {each.stem.removeprefix("values-"): each
            for each in sorted((bench.root / "docs/aws").glob("values-*.yaml"))}


def test_values_for_aws_render(bench):
    found = aws_values(bench)
    assert set(found) == {"irsa", "pod-identity", "static-existing", "static-created",
                          "static-external", "minio"}
    for file in found.values():
        for helm in HELMS:
            read = settings(rendered(bench, helm, [file]))
            assert read["repositories"][0]["url"] == "s3://team-charts/stable"


def test_values_for_aws_give_the_identity_they_promise(bench):
    objects = {name: rendered(bench, "helm3", [file]) for name, file in aws_values(bench).items()}
    account = one(objects["irsa"], "ServiceAccount")["metadata"]["annotations"]
    assert account["eks.amazonaws.com/role-arn"] == "arn:aws:iam::111122223333:role/helm-lookout-prod"
    one(objects["pod-identity"], "ServiceAccount")
    for name in ("static-existing", "static-external", "minio"):
        key = variables(objects[name])["AWS_SECRET_ACCESS_KEY"]["valueFrom"]["secretKeyRef"]
        assert key["name"] == "chart-reader" and key["key"] == "AWS_SECRET_ACCESS_KEY"
    made = variables(objects["static-created"])["AWS_ACCESS_KEY_ID"]["valueFrom"]["secretKeyRef"]
    assert "AKIA" not in str(one(objects["static-created"], "Deployment"))
    one(objects["static-created"], "Secret", made["name"])
    external = one(objects["static-external"], "ExternalSecret", "chart-reader")
    assert external["spec"]["target"]["name"] == "chart-reader"
    assert variables(objects["minio"])["AWS_ENDPOINT_URL_S3"]["value"].startswith("https://minio.")
    assert settings(objects["minio"])["repositories"][0]["addressing"] == "path"


def test_migrated_values_render(bench):
    files = sorted((bench.root / "test/testdata/migrate").glob("*.out.yaml"))
    assert len(files) >= 9
    for file in files:
        for helm in HELMS:
            one(rendered(bench, helm, [file]), "Deployment")


def test_migrated_values_of_a_chart_and_its_settings_go_together(bench):
    folder = bench.root / "test/testdata/migrate"
    both = [folder / "repository-exporter.out.yaml", folder / "repository-exporter-config.out.yaml"]
    read = settings(rendered(bench, "helm3", both))
    assert read["releases"] == "off" and len(read["repositories"]) == 5


def test_a_value_that_the_chart_does_not_know_is_refused(bench):
    file = bench.folder / "wrong.yaml"
    file.write_text("aws: {irsa: {role: x}}\n")
    try:
        rendered(bench, "helm3", [file])
    except AssertionError as error:
        assert "role" in str(error)
    else:
        raise AssertionError("the schema is not closed")
