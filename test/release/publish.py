"""scripts/release against a real registry and a real S3 server, its charts read back by Helm and
by helm-lookout. publish.py BINARY SERVER_BINARIES [WORD...]."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import runner  # noqa: E402
from charts import Helm  # noqa: E402
from registries import Registry  # noqa: E402
from s3_servers import ACCESS_KEY, REGION, SECRET_KEY, VersityGateway  # noqa: E402

BUCKET = "charts"
SIGNER = "Release Test <release@example.org>"
VALUES = """# Where the image is.
image:
  # -- registry
  registry: localhost
  # -- repository
  repository: demo
  tag: ""
"""
TEMPLATE = """apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}
spec:
  containers:
    - name: demo
      image: "{{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Chart.AppVersion }}"
"""
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-02-01\n\n- Second.\n\n" \
            "## [1.0.0] - 2026-01-01\n\n- First.\n"


class Bench:
    def __init__(self, binary, servers, folder):
        self.binary = binary
        self.servers = pathlib.Path(servers)
        self.folder = folder
        self.started = []

    def start(self):
        self.helm = Helm(self.servers / "helm3", self.folder / "helm")
        self.s3 = VersityGateway(self.servers, self.folder)
        store = self.folder / "store"
        store.mkdir()
        self.registry = Registry(self.servers, self.folder, "registry", store)
        for server in (self.s3, self.registry):
            self.started.append(server.start())
        self.s3.client().create_bucket(Bucket=BUCKET)
        (self.folder / "CHANGELOG.md").write_text(CHANGELOG)
        self.keyring = self.folder / "gnupg"

    def stop(self):
        for server in self.started:
            server.stop(at_once=True)
        subprocess.run(["gpgconf", "--homedir", self.keyring, "--kill", "all"], capture_output=True)

    def chart(self, version, words="", app_version=None):
        """The source of a chart `demo`."""
        source = self.folder / "source" / f"{version}{words}" / "demo"
        (source / "templates").mkdir(parents=True, exist_ok=True)
        (source / "Chart.yaml").write_text(yaml.safe_dump(
            {"apiVersion": "v2", "name": "demo", "version": version,
             "appVersion": app_version or version, "description": "for tests " + words,
             "annotations": {"artifacthub.io/images":
                             f"- name: demo\n  image: localhost/demo:{version}\n"}}))
        (source / "values.yaml").write_text(VALUES)
        (source / "templates/pod.yaml").write_text(TEMPLATE)
        return source

    def release(self, chart, *options, secret=SECRET_KEY):
        """(exit code, what it said, its output folder)"""
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        done = subprocess.run(
            [str(ROOT / "scripts/release"), "--chart", chart, "--out", out, "--changelog",
             self.folder / "CHANGELOG.md", "--plain-http", *options], capture_output=True, text=True,
            env={**self.helm.environment, "HELM": str(self.servers / "helm3"),
                 "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": secret,
                 "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_MAX_ATTEMPTS": "1",
                 "AWS_ENDPOINT_URL": self.s3.endpoint, "AWS_CONFIG_FILE": os.devnull})
        assert "Traceback" not in done.stderr, done.stderr
        assert SECRET_KEY not in done.stdout + done.stderr
        return done.returncode, done.stdout + done.stderr, out

    def published(self, chart, *options):
        code, said, out = self.release(chart, *options)
        assert code == 0, said
        return out

    def refused(self, words, chart, *options, **more):
        before = self.state()
        code, said, _ = self.release(chart, *options, **more)
        assert code == 1 and words in said, (code, said)
        assert self.state() == before, "something was written all the same"

    def state(self):
        """Everything in the bucket and the registry."""
        listed = self.s3.client().list_objects_v2(Bucket=BUCKET).get("Contents", [])
        tags = [(path, files) for path, _, files in os.walk(self.folder / "store")
                if "_manifests" in path]
        return {each["Key"]: each["ETag"] for each in listed}, sorted(tags)

    def object(self, key):
        return self.s3.client().get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def index(self, prefix):
        return yaml.load(self.object(f"{prefix}/index.yaml"), yaml.BaseLoader)["entries"]

    def oci(self, path):
        return f"oci://{self.registry.host}/{path}"


def test_without_a_target_it_packages(bench):
    out = bench.published(bench.chart("1.0.0"))
    assert sorted(path.name for path in out.iterdir()) == [
        "demo-1.0.0.tgz", "images.txt", "release-notes.md"]
    assert (out / "images.txt").read_text() == "localhost/demo:1.0.0\n"
    assert (out / "release-notes.md").read_text() == "- First.\n"


def test_the_projects_own_chart_packages(bench):
    out = bench.published(ROOT / "charts/helm-lookout", "--changelog", ROOT / "CHANGELOG.md")
    version = yaml.safe_load((ROOT / "charts/helm-lookout/Chart.yaml").read_text())["version"]
    assert (out / f"helm-lookout-{version}.tgz").exists()
    assert f"helm-lookout:{version}\n" in (out / "images.txt").read_text()
    assert (out / "release-notes.md").read_text().strip()


def test_a_first_release_makes_the_index(bench):
    bench.published(bench.chart("1.0.0"), "--s3", f"s3://{BUCKET}/first")
    (entry,) = bench.index("first")["demo"]
    assert (entry["version"], entry["urls"]) == ("1.0.0", ["demo-1.0.0.tgz"]), entry
    assert bench.object("first/demo-1.0.0.tgz")[:2] == b"\x1f\x8b"


def test_a_later_release_keeps_what_was_there(bench):
    # By other hands: another chart, a date with trailing zeros, and an older version of ours.
    there = bench.folder / "there"
    bench.helm.repository(there, {"other": ["0.1.0", "0.2.0"], "demo": ["0.9.0"]})
    text = (there / "index.yaml").read_text()
    first = yaml.load(text, yaml.BaseLoader)["entries"]["demo"][0]["created"]
    text = text.replace(first, "2021-03-04T05:06:07.120000000Z")
    bench.s3.client().put_object(Bucket=BUCKET, Key="later/index.yaml", Body=text.encode())
    for version in ("1.0.0", "1.1.0"):
        bench.published(bench.chart(version), "--s3", f"s3://{BUCKET}/later")
    entries = bench.index("later")
    assert [each["version"] for each in entries["demo"]] == ["1.1.0", "1.0.0", "0.9.0"]
    assert entries["demo"][2]["created"].startswith("2021-03-04T05:06:07.12")
    before = yaml.load(text, yaml.BaseLoader)["entries"]["other"]
    created = lambda rows: {row["version"]: (row["created"].rstrip("Z0"), row["digest"])
                            for row in rows}
    assert created(entries["other"]) == created(before)


def test_what_is_published_can_be_scanned_and_installed(bench):
    bench.published(bench.chart("1.0.0"), "--s3", f"s3://{BUCKET}/scanned")
    done = subprocess.run([bench.binary, "scan", f"s3://{BUCKET}/scanned", "-o", "json"],
                          capture_output=True, text=True,
                          env={**os.environ, "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_REGION": REGION,
                               "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
                               "AWS_ENDPOINT_URL": bench.s3.endpoint})
    assert done.returncode == 0 and '"1.0.0"' in done.stdout, done.stdout + done.stderr
    archive = bench.folder / "demo-1.0.0.tgz"
    archive.write_bytes(bench.object("scanned/demo-1.0.0.tgz"))
    assert "localhost/demo:1.0.0" in bench.helm.run("template", "x", archive)


def test_the_same_again_changes_nothing(bench):
    targets = ["--s3", f"s3://{BUCKET}/again", "--oci", bench.oci("again")]
    bench.published(bench.chart("1.0.0"), *targets)
    before = bench.state()
    bench.published(bench.chart("1.0.0"), *targets)
    assert bench.state() == before


def test_another_content_is_refused_everywhere(bench):
    bench.published(bench.chart("1.0.0"), "--oci", bench.oci("other"))
    bench.refused("a version is published once", bench.chart("1.0.0", "changed"),
                  "--s3", f"s3://{BUCKET}/other", "--oci", bench.oci("other"))
    bench.published(bench.chart("1.0.0"), "--s3", f"s3://{BUCKET}/other2")
    bench.refused("a version is published once", bench.chart("1.0.0", "changed"),
                  "--s3", f"s3://{BUCKET}/other2", "--oci", bench.oci("other3"))


def test_a_release_cut_short_is_finished(bench):
    bench.published(bench.chart("1.0.0"), "--s3", f"s3://{BUCKET}/cut")
    held = bench.object("cut/demo-1.0.0.tgz")
    bench.s3.client().delete_object(Bucket=BUCKET, Key="cut/index.yaml")
    bench.published(bench.chart("1.0.0"), "--s3", f"s3://{BUCKET}/cut")
    assert bench.index("cut")["demo"][0]["digest"] == hashlib.sha256(held).hexdigest()
    assert bench.object("cut/demo-1.0.0.tgz") == held


def test_a_registry_gives_the_chart_back(bench):
    out = bench.published(bench.chart("1.0.0"), "--oci", bench.oci("team"))
    pulled = bench.folder / "pulled"
    pulled.mkdir()
    bench.helm.run("pull", bench.oci("team/demo"), "--version", "1.0.0", "-d", pulled,
                   "--plain-http")
    assert (pulled / "demo-1.0.0.tgz").read_bytes() == (out / "demo-1.0.0.tgz").read_bytes()


def test_it_signs_with_a_key(bench):
    bench.keyring.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", bench.keyring, "--batch", "--quiet", "--passphrase", ""]
    subprocess.run([*gpg, "--quick-generate-key", SIGNER, "rsa2048", "sign", "1d"], check=True,
                   capture_output=True)
    ring = bench.folder / "secring.gpg"
    ring.write_bytes(subprocess.run([*gpg, "--export-secret-keys"], check=True,
                                    capture_output=True).stdout)
    public = bench.folder / "pubring.gpg"
    public.write_bytes(subprocess.run([*gpg, "--export"], check=True, capture_output=True).stdout)
    sign = ["--key", "Release Test", "--keyring", ring]
    out = bench.published(bench.chart("1.0.0"), *sign, "--s3", f"s3://{BUCKET}/signed",
                          "--oci", bench.oci("signed"))
    assert "Signed by: Release Test" in bench.helm.run("verify", out / "demo-1.0.0.tgz",
                                                       "--keyring", public)
    assert b"BEGIN PGP SIGNED MESSAGE" in bench.object("signed/demo-1.0.0.tgz.prov")
    bench.helm.run("pull", bench.oci("signed/demo"), "--version", "1.0.0", "--plain-http",
                   "--verify", "--keyring", public, "-d", bench.folder)
    bench.refused("helm3 package", bench.chart("1.1.0"), "--key", "Nobody", "--keyring", ring,
                  "--s3", f"s3://{BUCKET}/signed")


def test_it_pushes_the_image_that_its_chart_pulls(bench):
    if shutil.which("buildah") is None:
        raise runner.Skipped("buildah is not installed")
    context = bench.folder / "image"
    context.mkdir()
    (context / "file").write_text("content")
    (context / "Dockerfile").write_text("FROM scratch\nCOPY file /\n")
    source = f"localhost/release-test-{os.getpid()}"
    subprocess.run(["buildah", "bud", "--isolation=chroot", "-t", source, context], check=True,
                   capture_output=True)
    name = f"{bench.registry.host}/images/demo"
    options = ["--image", name, "--image-source", source, "--oci", bench.oci("imaged")]
    try:
        for _ in range(2):
            out = bench.published(bench.chart("1.0.0"), *options)
        (context / "file").write_text("other")
        subprocess.run(["buildah", "bud", "--isolation=chroot", "-t", source, context], check=True,
                       capture_output=True)
        bench.refused("is another image", bench.chart("1.0.0"), *options)
    finally:
        subprocess.run(["buildah", "rmi", source], capture_output=True)
    assert (out / "images.txt").read_text() == f"{name}:1.0.0\n"
    shown = bench.helm.run("show", "chart", out / "demo-1.0.0.tgz")
    assert f"image: {name}:1.0.0" in shown and "localhost" not in shown, shown
    assert (bench.folder / "store/docker/registry/v2/repositories/images/demo/_manifests/tags/1.0.0"
            ).is_dir()


def test_what_is_wrong_is_said_before_anything_is_written(bench):
    both = ["--s3", f"s3://{BUCKET}/wrong", "--oci", bench.oci("wrong")]
    bench.refused("has no section of 3.0.0", bench.chart("3.0.0"), *both)
    bench.refused("appVersion 9.0.0 differ", bench.chart("1.0.0", "step", "9.0.0"), *both)
    bench.refused("403", bench.chart("1.0.0"), *both, secret="wrong")
    bench.refused("connect", bench.chart("1.0.0"), "--s3", f"s3://{BUCKET}/wrong",
                  "--oci", "oci://127.0.0.1:1/wrong")


def main():
    binary, servers, *words = sys.argv[1:]
    chosen = runner.choose([test for name, test in globals().items() if name.startswith("test_")],
                           words)
    return runner.run_in_folder("release", chosen, lambda folder: Bench(
        pathlib.Path(binary).resolve(), servers, folder))


if __name__ == "__main__":
    sys.exit(main())
