"""All releases of the cluster, and which of them need somebody."""

from board import dashboard, row, variable
from panels import BAD, NONE_IS_GOOD, OK, WARNING, bars, series, stat, status_colors
from tables import alerts, column, linked, number, status_column, table, to

HERE = 'namespace=~"$namespace"'
LIMIT_BYTES = 1048576


def each(metric, matchers="", labels="namespace, name"):
    """One series a release, however many replicas there are."""
    more = f", {matchers}" if matchers else ""
    return f"max by ({labels}) ({metric}{{{HERE}{more}}})"


def count(expr):
    """0 when there is none, but nothing when no helm-lookout is scraped."""
    return f"count({expr}) or 0 * max(helm_lookout_build_info)"


def overview():
    missing = each("helm_release_chart_missing")
    apart = f"{each('helm_release_revision')} > {each('helm_release_deployed_revision')}"
    states = each("helm_release_status", 'status=~"pending-.*|uninstalling"')
    failed = each("helm_release_status", 'status="failed"')
    return row("Now", 4, [
        stat("Releases", count(each("helm_release_info")), "Releases in the chosen namespaces."),
        stat("Failed", count(f"{failed} == 1"), "Their last operation failed.", NONE_IS_GOOD),
        stat("In progress", count(f"{states} == 1"),
             "Pending or uninstalling; an alert fires when it takes more than 15 minutes.",
             ((None, OK), (1, WARNING))),
        stat("Older revision runs", count(apart), "The newest revision is not the deployed one.",
             NONE_IS_GOOD),
        stat("Undecodable", count(f"{each('helm_release_undecodable')} == 1"),
             "Stored in a form that Helm cannot read either.", NONE_IS_GOOD),
        stat("Version gone", count(f"{missing} == 1"),
             "The repository no longer holds the installed chart version.", NONE_IS_GOOD),
        stat("Outdated", count(f"{each('helm_release_outdated')} == 1"),
             "The repository holds newer versions of the chart."),
        stat("Near the size limit", count(f"{each('helm_release_storage_bytes')} > 0.8 * {LIMIT_BYTES}"),
             "More than 80 % of the 1 MiB that a Secret may hold.", NONE_IS_GOOD)])


def releases():
    queries = {
        "A": each("helm_release_info", labels="namespace, name, chart, chart_version, app_version"),
        "B": f"{each('helm_release_status', labels='namespace, name, status')} == 1",
        "C": each("helm_release_revision"),
        "D": f"{each('helm_release_updated')} * 1000",
        "E": each("helm_release_versions_behind"),
        "F": each("helm_release_latest_info", labels="namespace, name, repository, latest_version"),
        "G": each("helm_release_storage_bytes")}
    columns = [
        column("namespace"), linked("name", "name", to("release", "namespace", "name")),
        status_column(), number("C", "revision"), number("D", "changed", "dateTimeFromNow"),
        column("chart"), column("chart_version", "version"), column("app_version", "app version"),
        linked("repository", "repository", to("repositories", "repository")),
        column("latest_version", "latest"),
        number("E", "behind", thresholds=((None, OK), (1, WARNING), (10, BAD))),
        number("G", "stored", "bytes", ((None, "text"), (0.8 * LIMIT_BYTES, WARNING),
                                        (0.95 * LIMIT_BYTES, BAD)))]
    return row("Releases", 16, [table("Releases", queries, columns,
                                      "Filter by the funnel in a column's head; a name opens the release.",
                                      sort={"displayName": "namespace", "desc": False})])


def troubles():
    return row("What needs somebody", 9, [
        alerts(f'alertname=~"HelmRelease.+", alertstate="firing", {HERE}',
               [column("namespace"), linked("name", "name", to("release", "namespace", "name")),
                column("status")], 14),
        bars("Furthest behind", f"topk(12, {each('helm_release_versions_behind')} > 0)",
             "{{namespace}}/{{name}}", "Newer versions of its chart in the release's repository.", width=10,
             thresholds=((None, "blue"), (10, WARNING)))])


def history():
    by_status = f"sum by (status) ({each('helm_release_status', labels='namespace, name, status')} > 0)"
    changes = f"sum(max by (namespace, name) (changes(helm_release_revision{{{HERE}}}[$__rate_interval])))"
    return row("Over time", 9, [
        series("Releases by status", [(by_status, "{{status}}")],
               "Each release once, by its current revision.", stacked=True, whole=True,
               overrides=status_colors()),
        series("New revisions", [(changes, "upgrades and rollbacks")],
               "Changes of releases around each point; an install is not counted.", whole=True),
        bars("Largest releases", f"topk(12, {each('helm_release_storage_bytes')})",
             "{{namespace}}/{{name}}", "Stored bytes of the current revision; at 1 MiB Helm cannot upgrade.",
             "bytes", thresholds=((None, OK), (0.8 * LIMIT_BYTES, WARNING), (0.95 * LIMIT_BYTES, BAD)),
             top=LIMIT_BYTES),
        bars("Most used charts",
             f"topk(12, count by (chart) ({each('helm_release_info', labels='namespace, name, chart')}))",
             "{{chart}}", "Releases of each chart.")])


def board():
    return dashboard(
        "fleet", "Helm / Fleet", "All Helm releases: their states, versions and sizes.",
        [variable("namespace", "Namespace", "label_values(helm_release_info, namespace)", many=True)],
        [overview(), troubles(), releases(), history()], hours=24)
