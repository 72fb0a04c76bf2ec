"""Chart repositories made by real Helm, and what Helm itself says they hold."""

import collections
import datetime
import json
import os
import pathlib
import subprocess

import yaml

Version = collections.namedtuple("Version", "version app_version deprecated", defaults=("", False))


class Helm:
    """One Helm binary with folders of its own."""

    def __init__(self, binary, folder):
        self.binary = binary
        self.folder = folder
        self.environment = {**os.environ, "HELM_CACHE_HOME": str(folder / "cache"),
                            "HELM_CONFIG_HOME": str(folder / "config"),
                            "HELM_DATA_HOME": str(folder / "data")}

    def run(self, *arguments, check=True):
        done = subprocess.run([self.binary, *map(str, arguments)], env=self.environment,
                              capture_output=True, text=True)
        if check and done.returncode != 0:
            raise AssertionError(f"helm {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def package(self, out, name, version, app_version="", deprecated=False):
        """The path of a new archive of one ConfigMap."""
        source = self.folder / "source" / f"{name}-{version}"
        (source / "templates").mkdir(parents=True, exist_ok=True)
        facts = {"apiVersion": "v2", "name": name, "version": version,
                 "description": f"{name} for tests"}
        if app_version:
            facts["appVersion"] = app_version
        if deprecated:
            facts["deprecated"] = True
        (source / "Chart.yaml").write_text(yaml.safe_dump(facts))
        (source / "templates/object.yaml").write_text(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n"
            f"data:\n  version: {version!r}\n")
        out.mkdir(parents=True, exist_ok=True)
        self.run("package", source, "-d", out)
        return out / f"{name}-{version}.tgz"

    def repository(self, out, charts, url=None):
        """Archives of {name: [Version or text, ...]} in `out`, and their index.yaml."""
        for name, versions in charts.items():
            for each in versions:
                each = Version(each) if isinstance(each, str) else each
                self.package(out, name, *each)
        return self.index(out, url)

    def index(self, out, url=None, *flags):
        self.run("repo", "index", out, *(["--url", url] if url else []), *flags)
        return out / "index.yaml"

    def push(self, archive, host, path, *flags):
        self.run("push", archive, f"oci://{host}/{path}", "--plain-http", *flags)


def shown_by_helm(helm, url, *flags):
    """{chart: [version, ...]} of `helm search repo -l --devel`, and {chart: (version, app
    version)} of its newest stable ones."""
    helm.run("repo", "add", "asked", url, "--force-update", *flags)
    listed = json.loads(helm.run("search", "repo", "-l", "--devel", "-o", "json"))
    stable = json.loads(helm.run("search", "repo", "-o", "json"))
    charts = {}
    for row in listed:
        charts.setdefault(row["name"].split("/", 1)[1], []).append(row["version"])
    return charts, {row["name"].split("/", 1)[1]: (row["version"], row["app_version"])
                    for row in stable}


def seconds(created):
    """Whole Unix seconds of an index entry's `created`, None when it has none or Go's zero time."""
    if created is None or created == "":
        return None
    if isinstance(created, str):
        text = created.replace("Z", "+00:00")
        head, _, rest = text.partition(".")
        if rest:  # any number of digits; whole seconds are what counts
            text = head + rest.lstrip("0123456789")
        created = datetime.datetime.fromisoformat(text)
    if created.tzinfo is None:
        created = created.replace(tzinfo=datetime.timezone.utc)
    return None if created.year == 1 else int(created.timestamp())


def ages(times):
    """(oldest, newest, median); the median of an even number is the upper one."""
    ordered = sorted(times)
    return ordered[0], ordered[-1], ordered[len(ordered) // 2]


def s3_exporter_samples(index, repository):
    """What Helm S3 Exporter's formulas make of an index, as {(family, labels): value}: every
    list entry counts, dates in whole seconds."""
    entries = yaml.load(index, Loader=yaml.CSafeLoader).get("entries") or {}
    out, every = {}, []

    def put(family, value, **labels):
        out[f"helm_s3_{family}", frozenset({"repository": repository, **labels}.items())] = value

    put("charts_total", len(entries))
    put("versions_total", sum(len(versions) for versions in entries.values()))
    for chart, versions in entries.items():
        if not versions:
            continue
        put("chart_versions", len(versions), chart=chart)
        times = [t for t in (seconds(each.get("created")) for each in versions) if t is not None]
        every += times
        if times:
            for which, value in zip(("oldest", "newest", "median"), ages(times)):
                put(f"chart_age_{which}_seconds", value, chart=chart)
    if every:
        for which, value in zip(("oldest", "newest", "median"), ages(every)):
            put(f"overall_age_{which}_seconds", value)
    return out


def corpus_repositories():
    """Folders of real repositories, [] when LOOKOUT_CORPORA is not set."""
    corpora = os.environ.get("LOOKOUT_CORPORA")
    if not corpora:
        return []
    return sorted(path.parent for path in pathlib.Path(corpora).glob("repos/*/index.yaml"))
