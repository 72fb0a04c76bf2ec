"""What releases must say of repositories, worked out from the indexes."""

import re

import yaml

SEMVER = re.compile(r"^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$")


def order(version):
    """A key that sorts as SemVer does."""
    major, minor, patch, prerelease = SEMVER.match(version).groups()
    parts = [(0, int(part), "") if part.isdigit() else (1, 0, part)
             for part in (prerelease or "").split(".")]
    return int(major), int(minor), int(patch), prerelease is None, parts


def is_stable(version):
    return order(version)[3]


def read_indexes(texts):
    """{chart: (repository, versions)} of {repository: index.yaml}; no chart is in two of them."""
    return {chart: (repository, [entry["version"] for entry in entries])
            for repository, text in texts.items()
            for chart, entries in yaml.load(text, Loader=yaml.CSafeLoader)["entries"].items()}


def expected_joined(release_samples, indexes):
    """{(family, frozenset of labels): value} for what can be told from helm_release_info and the
    indexes alone."""
    out = {}
    for (family, labels), _ in release_samples.items():
        row = dict(labels)
        if family != "helm_release_info" or row["chart"] not in indexes:
            continue
        repository, versions = indexes[row["chart"]]
        installed = row["chart_version"]
        newer = {version for version in versions if order(version) > order(installed) and
                 (is_stable(version) or not is_stable(installed))}
        stable = [version for version in versions if is_stable(version)]
        release = {"name": row["name"], "namespace": row["namespace"]}
        out["helm_release_versions_behind", frozenset(release.items())] = len(newer)
        out["helm_release_outdated", frozenset(release.items())] = float(bool(newer))
        told = {**release, "repository": repository, "chart": row["chart"],
                "latest_version": max(stable, key=order) if stable else "",
                "match": "version" if installed in versions else "name"}
        out["helm_release_latest_info", frozenset(told.items())] = 1
    return out
