"""helm-lookout with repositories in its settings file, and what its metrics say of them."""

import json
import os

from cluster import wait_for
from lookout import Lookout

# What of the caller's environment must not reach a program whose credentials are tested.
HIDDEN = ("AWS_", "S3_", "DOCKER_", "KUBE", "HELM_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
          "http_proxy", "https_proxy", "no_proxy")


def clean_environment(home, more=None):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(HIDDEN)}
    return {**kept, "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true", **(more or {})}


def write_settings(path, repositories, **more):
    """YAML is a superset of JSON. Put in place at once."""
    part = path.with_suffix(".part")
    part.write_text(settings_text(repositories, **more))
    part.replace(path)


def settings_text(repositories, **more):
    return json.dumps({"repositories": repositories, **more}, indent=1)


class Mount:
    """A folder as kubelet mounts ConfigMaps and Secrets: each name is a link into `..data`,
    itself a link that put() moves to a new folder, so that all files change at once."""

    def __init__(self, folder):
        self.folder = folder
        self.generation = 0
        folder.mkdir()

    def put(self, **files):
        """File names with `_` for the dot."""
        self.generation += 1
        target = self.folder / f"..{self.generation}"
        target.mkdir()
        for name, text in files.items():
            name = name.replace("_", ".")
            (target / name).write_text(text)
            if not (self.folder / name).is_symlink():
                (self.folder / name).symlink_to(f"..data/{name}")
        moved = self.folder / "..data_tmp"
        moved.symlink_to(target.name)
        moved.replace(self.folder / "..data")
        return self

    def path(self, name):
        return self.folder / name


class Scanning(Lookout):
    """helm-lookout that scans `repositories`, by default without a cluster."""

    def __init__(self, binary, folder, repositories, *flags, kubeconfig=None, environment=None,
                 settings=None, **more):
        self.settings = settings or folder / f"settings-{id(self)}.yaml"
        if settings is None:
            write_settings(self.settings, repositories, **more)
        home = folder / "home"
        home.mkdir(exist_ok=True)
        if kubeconfig is None:
            flags = ("--releases=off", *flags)
        super().__init__(binary, folder, kubeconfig, "--config", self.settings, *flags,
                         environment=clean_environment(home, environment))

    def value(self, family, **labels):
        return value(self.samples(), family, **labels)

    def wait_scanned(self, *names, seconds=20):
        """Until each was scanned at least once, whatever came of it; the samples."""
        def scanned():
            samples = self.polled()
            return all(scans(samples, name) > 0 for name in names) and samples
        return wait_for(f"a scan of {', '.join(names)}", scanned, seconds)

    def wait_up(self, *names, up=1, seconds=20):
        """Until each is up (or, with up=0, was scanned and is not); the samples."""
        def all_so():
            samples = self.polled()
            return all(value(samples, "helm_repository_up", repository=name) == up
                       and scans(samples, name) > 0 for name in names) and samples
        try:
            return wait_for("repositories up", all_so, seconds)
        except AssertionError:
            samples = self.samples()
            told = {name: (value(samples, "helm_repository_up", repository=name),
                           errors(samples, name)) for name in names}
            raise AssertionError(f"not {up}: {told}\n{self.log_path.read_text()[-3000:]}") from None

    def wait_value(self, wanted, family, seconds=10, **labels):
        """Until this sample has that value; the samples of that scrape."""
        def so():
            samples = self.polled()
            return value(samples, family, **labels) == wanted and (samples or None)
        try:
            return wait_for(family, so, seconds)
        except AssertionError:
            got = value(self.samples(), family, **labels)
            raise AssertionError(f"{family}{labels} is {got}, not {wanted}") from None

    def polled(self):
        """The samples; none while it does not listen yet."""
        assert self.process.poll() is None, f"it ended: {self.log_path.read_text()[-3000:]}"
        try:
            return self.samples()
        except OSError:
            return {}


def value(samples, family, **labels):
    return samples.get((family, frozenset(labels.items())))


def rows(samples, family, **labels):
    """[(labels, value)] of the family's samples that hold these labels."""
    wanted = set(labels.items())
    return [(dict(held), number) for (name, held), number in samples.items()
            if name == family and wanted <= held]


def scans(samples, repository):
    """Scans so far, whatever came of them."""
    return sum(number for _, number in
               rows(samples, "helm_repository_sync_total", repository=repository))


def count(samples, repository, status):
    return sum(number for _, number in rows(samples, "helm_repository_sync_total",
                                            repository=repository, status=status))


def errors(samples, repository):
    """{error_type: count} of the types that occurred."""
    return {labels["error_type"]: number for labels, number in
            rows(samples, "helm_repository_sync_errors_total", repository=repository) if number}


def charts(samples, repository):
    """{chart: number of versions}"""
    return {labels["chart"]: number for labels, number in
            rows(samples, "helm_repository_chart_versions", repository=repository)}


def latest(samples, repository):
    """{chart: (version, app_version)} of the highest stable versions."""
    return {labels["chart"]: (labels["version"], labels["app_version"]) for labels, _ in
            rows(samples, "helm_repository_chart_latest_info", repository=repository)}


def families(samples, prefix):
    return {key: number for key, number in samples.items() if key[0].startswith(prefix)}
