"""The chart's files keep in step: README, versions, image tag, its unit tests."""

import re
import shutil
import subprocess

import yaml
from bench import project_version
from helm import none


def test_readme_is_what_helm_docs_writes(bench):
    done = subprocess.run([bench.tools / "helm-docs", "--dry-run", "--chart-search-root", "."],
                          cwd=bench.chart.path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    readme = bench.chart.path / "README.md"
    assert readme.exists() and done.stdout.strip() == readme.read_text().strip(), \
        "charts/helm-lookout/README.md is stale: run helm-docs in charts/helm-lookout"
    assert "helm-docs" not in done.stderr.lower() or "error" not in done.stderr.lower(), done.stderr


def test_every_value_is_described(bench):
    """In the README's table, by a comment in values.yaml."""
    readme = (bench.chart.path / "README.md").read_text()
    rows = re.findall(r"^\| ([\w.\[\]\"/-]+) \| (.*?) \| (.*?) \| (.*?) \|$", readme, re.M)
    assert len(rows) > 20, f"the README's table of values has {len(rows)} rows"
    none((f"{key} has no description" for key, _, _, about in rows if not about.strip()),
         "values without a description")


def test_versions_are_in_step(bench):
    version = project_version(bench.root)
    about = bench.chart.about
    assert about["version"] == version, f"Chart.yaml: version {about['version']}, not {version}"
    assert str(about["appVersion"]) == version, f"Chart.yaml: appVersion {about['appVersion']}"
    images = {each for name, files in bench.chart.variants()
              for each in images_of(bench.helm.objects(bench.chart.path, files=files))
              if "helm-lookout" in each}
    noted = yaml.safe_load(about.get("annotations", {}).get("artifacthub.io/images", "[]"))
    manifests = {image for path in sorted((bench.root / "config").rglob("*.yaml"))
                 for image in re.findall(r"image: (\S+)", path.read_text())}
    all_images = images | {each["image"] for each in noted} | manifests
    assert images and noted and manifests, (images, noted, manifests)
    none((f"{each} does not end in :{version}" for each in sorted(all_images)
          if "@sha256:" not in each and not each.endswith(":" + version)),
         "images of another version")


def images_of(rendered):
    for each in rendered:
        spec = each.get("spec", {})
        pod = spec.get("template", {}).get("spec") if each["kind"] == "Deployment" else \
            spec if each["kind"] == "Pod" else None
        yield from (container["image"] for container in (pod or {}).get("containers", []))


def test_annotations_of_artifact_hub(bench):
    notes = bench.chart.about.get("annotations", {})
    for key in ("category", "images", "license", "links", "changes"):
        name = f"artifacthub.io/{key}"
        assert notes.get(name), f"Chart.yaml has no annotation {name}"
        yaml.safe_load(notes[name])


def test_unit_tests_of_the_chart(bench):
    """helm-unittest's suites beside the chart, each run, none left out; on a copy, since it leaves
    a folder behind."""
    suites = sorted((bench.chart.path / "tests").rglob("*_test.yaml"))
    assert suites, "no suites in charts/helm-lookout/tests"
    copy = shutil.copytree(bench.chart.path, bench.folder / "unit/helm-lookout")
    done = subprocess.run([bench.tools / "helm-unittest", "--strict", "-f", "tests/**/*_test.yaml",
                           str(copy)], capture_output=True, text=True)
    assert done.returncode == 0, failures(done.stdout) + done.stderr[-2000:]
    ran = re.search(r"Test Suites:\s+(\d+) passed, (\d+) total", done.stdout)
    assert ran and int(ran[2]) == len(suites), f"{len(suites)} suites, but: {done.stdout[-400:]}"


def failures(told):
    """What helm-unittest says beside the suites that passed."""
    return "\n".join(line for line in told.splitlines() if not line.startswith(" PASS"))[:6000]
