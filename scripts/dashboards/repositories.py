"""Chart repositories: whether they can be read, and what they hold."""

from board import dashboard, row, variable
from panels import BAD, NONE_IS_GOOD, OK, WARNING, series, stat, timeline, words
from tables import alerts, column, linked, number, table, to

HERE = 'repository=~"$repository"'
HOUR, DAY = 3600, 86400


def each(metric, labels="repository", matchers=""):
    """One series a repository (and label), however many replicas there are."""
    more = f", {matchers}" if matchers else ""
    return f"max by ({labels}) ({metric}{{{HERE}{more}}})"


def rate(metric, labels, matchers="", window="$__rate_interval"):
    """Per second, of all replicas together."""
    more = f", {matchers}" if matchers else ""
    return f"sum by ({labels}) (rate({metric}{{{HERE}{more}}}[{window}]))"


def overview():
    up, skipped = each("helm_repository_up"), each("helm_repository_skipped_entries", "repository, reason")
    oldest = f"max(time() - {each('helm_repository_last_success_timestamp_seconds')})"
    return row("Now", 4, [
        stat("Repositories", f"count({up})", "In the settings.", width=4),
        stat("Down", f"count({up} == 0) or 0 * max(helm_lookout_build_info)",
             "Their last scan failed, or there was none.", NONE_IS_GOOD, width=4),
        stat("Oldest figures", oldest, "Since the last good scan of the repository that waits longest.",
             ((None, OK), (6 * HOUR, BAD)), "s", 4),
        stat("Charts", f"sum({each('helm_repository_charts_discovered')})", "In all repositories.", width=4),
        stat("Chart versions", f"sum({each('helm_repository_chart_versions', 'repository, chart')})",
             "That Helm shows, prereleases included.", width=4),
        stat("Skipped entries", f"sum({skipped})", "Entries of indexes that Helm could not use.",
             ((None, OK), (1, WARNING)), width=4)])


def repositories():
    ago = ((None, OK), (DAY, WARNING))
    queries = {
        "A": each("helm_repository_info", "repository, type, url"),
        "B": each("helm_repository_up"),
        "C": f"time() - {each('helm_repository_last_success_timestamp_seconds')}",
        "D": f"time() - {each('helm_repository_last_attempt_timestamp_seconds')}",
        "E": each("helm_repository_charts_discovered"),
        "F": each("helm_repository_index_bytes"),
        "G": f"sum by (repository) ({each('helm_repository_skipped_entries', 'repository, reason')})",
        "H": f"sum by (repository) (increase(helm_repository_sync_errors_total{{{HERE}}}[1d]))",
        "I": 'count by (repository) (max by (namespace, name, repository) '
             f'(helm_release_latest_info{{{HERE}}}))'}
    columns = [
        linked("repository", "repository", to("repositories", "repository")),
        number("B", "state", mappings=words(v0=("down", BAD), v1=("up", OK)),
               custom_cellOptions={"type": "color-text"}),
        column("type"), column("url"), number("C", "good scan ago", "s", ago),
        number("D", "scan ago", "s"), number("E", "charts"), number("F", "index", "bytes"),
        number("G", "skipped entries", thresholds=((None, OK), (1, WARNING))),
        number("H", "errors in a day", decimals=0, thresholds=((None, OK), (1, WARNING))),
        number("I", "releases")]
    return row("Repositories", 8, [
        table("Repositories", queries, columns, "A name narrows the dashboard to that repository.",
              sort={"displayName": "repository", "desc": False}),
        alerts('alertname=~"HelmRepository.+", alertstate="firing", ' + HERE, [column("repository")])])


def scans():
    lasting = (f"{rate('helm_repository_sync_duration_seconds_sum', 'repository')} / "
               f"({rate('helm_repository_sync_duration_seconds_count', 'repository')} > 0)")
    return row("Scans", 8, [
        timeline("State", each("helm_repository_up"), "{{repository}}", "Whether the last scan worked.",
                 words(v0=("down", BAD), v1=("up", OK))),
        series("Scans", [(f"{rate('helm_repository_sync_total', 'status')} * {HOUR}", "{{status}}")],
               "In an hour, all replicas together. unchanged: the server said so, nothing was fetched.",
               "none", stacked=True),
        series("Failures", [(f"{rate('helm_repository_sync_errors_total', 'repository, error_type')} * {HOUR}"
                             " > 0", "{{repository}}: {{error_type}}")],
               "In an hour, by reason; helm-lookout scan NAME says it in words.", "none"),
        series("Seconds of a scan", [(lasting, "{{repository}}")], "The mean, good or bad.", "s"),
        series("Age of the figures", [(f"time() - {each('helm_repository_last_success_timestamp_seconds')}",
                                       "{{repository}}")], "Since the last good scan.", "s"),
        series("Requests to S3",
               [("sum by (code, op) (rate(helm_lookout_s3_requests_total[$__rate_interval]))",
                 "{{op}} {{code}}")], "Of all repositories on S3, by operation and answer.", "reqps")])


def charts():
    key = "repository, chart"
    queries = {
        "A": each("helm_repository_chart_versions", key),
        "B": each("helm_repository_chart_latest_info", f"{key}, version, app_version"),
        "C": f"{each('helm_repository_chart_newest_timestamp_seconds', key)} * 1000",
        "D": f"{each('helm_repository_chart_oldest_timestamp_seconds', key)} * 1000",
        "E": each("helm_repository_chart_deprecated", key),
        "F": f"count by ({key}) (max by (namespace, name, {key}) (helm_release_latest_info{{{HERE}}}))"}
    columns = [
        linked("repository", "repository", to("repositories", "repository")), column("chart"),
        column("version", "latest stable"), column("app_version", "app version"), number("A", "versions"),
        number("C", "newest", "dateTimeFromNow"), number("D", "oldest", "dateTimeFromNow"),
        number("E", "deprecated", mappings=words(v1=("deprecated", WARNING)),
               custom_cellOptions={"type": "color-text"}),
        number("F", "releases")]
    return row("Charts", 14, [
        table("Charts", queries, columns, "Filter by the funnel in a column's head.",
              sort={"displayName": "chart", "desc": False})])


def board():
    return dashboard(
        "repositories", "Helm / Repositories", "Chart repositories and the charts that they hold.",
        [variable("repository", "Repository", "label_values(helm_repository_info, repository)", many=True)],
        [overview(), repositories(), scans(), charts()], hours=24)
