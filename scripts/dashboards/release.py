"""One release: what it is, what it was, and what its repository has for it."""

from board import annotation, dashboard, row, variable
from panels import BAD, NONE_IS_GOOD, OK, WARNING, series, stat, status_colors, timeline, words
from tables import alerts, column, linked, table, to

THIS = 'namespace="$namespace", name="$release"'
LIMIT_BYTES = 1048576


def one(metric, matchers="", labels=""):
    more = f", {matchers}" if matchers else ""
    by = f" by ({labels})" if labels else ""
    return f"max{by} ({metric}{{{THIS}{more}}})"


def now():
    status = f"{one('helm_release_status', labels='status')} == 1"
    behind = ((None, OK), (1, WARNING), (10, BAD))
    return row("Now", 4, [
        stat("Status", status, "As helm list shows it.", legend="{{status}}", width=4,
             overrides=status_colors()),
        stat("Chart", one("helm_release_info", labels="chart, chart_version"),
             "MISSING: its payload names none, or could not be read.", width=5,
             legend="{{chart}} {{chart_version}}"),
        stat("App version", one("helm_release_info", labels="app_version"), "As the chart says.",
             legend="{{app_version}}"),
        stat("Revision", one("helm_release_revision"), "The newest, deployed or not.", unit="none", width=2),
        stat("Deployed revision", one("helm_release_deployed_revision"), "What runs; empty if nothing does.",
             unit="none"),
        stat("Changed", f"{one('helm_release_updated')} * 1000", "When the newest revision was deployed.",
             unit="dateTimeFromNow", width=4),
        stat("First deployed", f"{one('helm_release_first_deployed_timestamp_seconds')} * 1000",
             "When the release was installed.", unit="dateTimeFromNow"),
        stat("Versions behind", one("helm_release_versions_behind"),
             "Newer versions of the chart in its repository.", behind, width=4),
        stat("Version gone", one("helm_release_chart_missing"),
             "Whether the repository no longer holds the installed version.", NONE_IS_GOOD, width=4,
             mappings=words(v0=("no", OK), v1=("yes", BAD))),
        stat("Deprecated", one("helm_release_chart_deprecated"),
             "Whether the repository calls the chart deprecated.", NONE_IS_GOOD, width=4,
             mappings=words(v0=("no", OK), v1=("yes", WARNING))),
        stat("Stored", f"{one('helm_release_storage_bytes')} / {LIMIT_BYTES}",
             "Share of the 1 MiB that a Secret may hold.", ((None, OK), (0.8, WARNING), (0.95, BAD)),
             "percentunit", 4),
        stat("Revisions kept", one("helm_release_revisions"), "Stored revisions; Helm keeps 10 by default.",
             ((None, OK), (21, WARNING)), width=4),
        stat("Decodable", f"1 - ({one('helm_release_undecodable')} or 0 * {one('helm_release_revision')})",
             "Whether the current revision can be read.", ((None, BAD), (1, OK)), width=4,
             mappings=words(v0=("no", BAD), v1=("yes", OK)))])


def history():
    return row("Over time", 8, [
        timeline("Status", f"{one('helm_release_status', labels='status')} > 0", "{{status}}",
                 "The states that the release was in.", words(v1=("in it", "blue")), width=12),
        series("Revisions", [(one("helm_release_revision"), "newest"),
                             (one("helm_release_deployed_revision"), "deployed")],
               "Apart: what runs is not what was last tried.", stepped=True, whole=True),
        series("Stored bytes", [(one("helm_release_storage_bytes"), "stored")],
               "Of the current revision. At the dashed line Helm cannot upgrade any more.", "bytes",
               stepped=True, limit=LIMIT_BYTES),
        series("Versions behind", [(one("helm_release_versions_behind"), "newer versions")],
               "It falls with an upgrade and rises when the repository gets a version.", stepped=True,
               whole=True)])


def details():
    return row("Details", 7, [
        alerts(f'alertname=~"HelmRelease.+", alertstate="firing", {THIS}', [column("status")], 12),
        table("Repository", {"A": one("helm_release_latest_info",
                                      labels="repository, chart, latest_version, match")},
              [linked("repository", "repository", to("repositories", "repository")), column("chart"),
               column("latest_version", "latest stable version"), column("match", "found by")],
              "Where the chart comes from: by a pin, by its version or by its name.", 12)])


def board():
    namespace = variable("namespace", "Namespace", "label_values(helm_release_info, namespace)")
    name = variable("release", "Release", 'label_values(helm_release_info{namespace="$namespace"}, name)')
    changed = annotation("New revisions", f"max(changes(helm_release_revision{{{THIS}}}[1m])) > 0",
                         "new revision", "blue")
    return dashboard("release", "Helm / Release", "One Helm release, now and before.", [namespace, name],
                     [now(), history(), details()], [changed], hours=24)
