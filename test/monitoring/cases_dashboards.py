"""The dashboards: generated, well-formed, and every query right and answered by a real Prometheus."""

import re
import time

import dashboards
from cluster import wait_for
from expressions import check

# Queries without an answer in the sandbox, where nothing of the kind has happened.
EMPTY = {
    **{f"helm-lookout-controller: {where}": "neither TLS nor authentication is on"
       for where in ("Certificate in use A", "TLS trouble A", "TLS trouble B", "TLS trouble C",
                     "Readers A", "Seconds of a review A", "Reviews saved A", "Static tokens A")},
    "helm-lookout-controller: Watches and lists begun again A": "no watch was lost",
    "helm-lookout-controller: Watches and lists begun again B": "no list was needed",
    "helm-lookout-release: annotation New revisions": "it stays as it is",
}
# What the queries need that rates are made of: two scrapes with a change between.
RATES = ["rate(helm_lookout_scrapes_total[1m]) > 0", 'rate(helm_repository_sync_errors_total[1m]) > 0',
         'rate(helm_repository_sync_duration_seconds_count{repository="stable"}[1m]) > 0']
RELEASE = {"namespace": "databases", "release": "failed-upgrade"}
TABLE_FIELDS = {"Time", "Value"}


def boards(live):
    return dashboards.read(live.root)


def values_of(live, board):
    """What a person chose: one release, and all of everything else."""
    values = dict(RELEASE) if board.name == "helm-lookout-release" else {}
    for name, metric, label in board.listed_variables():
        rows = live.prometheus.query(f"count by ({label}) ({board.filled(metric, values)})")
        values[name] = "|".join(row["metric"][label] for row in rows)
    return values


def test_dashboards_are_what_their_generator_writes(live):
    code, output = live.run("python3", "scripts/dashboards", "--check")
    assert code == 0, output


def test_dashboards_can_be_imported_anywhere(live):
    uids = [board.model["uid"] for board in boards(live)]
    assert len(set(uids)) == 4 and uids == [board.name for board in boards(live)]
    for board in boards(live):
        assert board.model["id"] is None and board.model["schemaVersion"] == 39
        assert board.variables[0]["type"] == "datasource"
        sources = re.findall(r'"uid": "([^"]*)"', board.text)
        assert set(sources) == {"${datasource}", board.name}, set(sources)


def test_links_lead_to_dashboards_and_variables_that_exist(live):
    known = {board.name: {each["name"] for each in board.variables} for board in boards(live)}
    links = [link for board in boards(live) for link in re.findall(r'"url": "(/d/[^"]*)"', board.text)]
    assert len(links) > 4
    for link in links:
        target = re.match(r"/d/([\w-]+)\?", link)[1]
        assert set(re.findall(r"&var-(\w+)=", link)) <= known[target], link


def test_variables_are_declared_and_used(live):
    for board in boards(live):
        declared = {each["name"] for each in board.variables} - {"datasource"}
        assert board.used_variables() == declared, board.name


def test_queries_name_metrics_and_labels_that_exist(live):
    for board in boards(live):
        values = values_of(live, board)
        for where, expr, legend in board.queries():
            labels, _, wrong = check(board.filled(expr, values), live.metrics)
            assert not wrong, (where, wrong)
            missing = set(dashboards.LEGEND.findall(legend)) - labels
            assert not missing, f"{where}: the legend names {missing}"


def test_tables_show_fields_that_their_queries_have(live):
    for board in boards(live):
        for panel in (each for each in board.panels if each["type"] == "table"):
            had = set(TABLE_FIELDS) | {f"Value #{target['refId']}" for target in panel["targets"]}
            for target in panel["targets"]:
                had |= check(board.filled(target["expr"], values_of(live, board)), live.metrics)[0]
            organize = panel["transformations"][-1]["options"]
            shown = organize["indexByName"].keys()
            assert shown | organize["renameByName"].keys() | organize["excludeByName"].keys() <= had
            titles = {organize["renameByName"].get(field, field) for field in shown}
            matched = {each["matcher"]["options"] for each in panel["fieldConfig"]["overrides"]}
            assert matched <= titles, (panel["title"], matched - titles)
            linked = set(re.findall(r"__data\.fields\.(\w+)", str(panel["fieldConfig"])))
            assert linked <= titles, (panel["title"], linked)


def test_panels_do_not_overlap_and_explain_themselves(live):
    for board in boards(live):
        taken = set()
        for panel in board.places:
            at = panel["gridPos"]
            cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
            assert not cells & taken and at["x"] + at["w"] <= 24, (board.name, panel["title"])
            taken |= cells
            assert panel["type"] == "row" or panel["description"].endswith("."), panel["title"]


def answers(live, board):
    """{where: whether it has data} of every query, asked as Grafana asks."""
    now, found = time.time(), {}
    values = values_of(live, board)
    for where, expr, _ in board.queries():
        expr = board.filled(expr, values)
        found[where] = bool(live.prometheus.query(expr))
        live.prometheus.ask("query_range", query=expr, start=now - 60, end=now, step=15)
    return found


def test_queries_are_answered_by_prometheus(live):
    wait_for("alerts and rates", lambda: {"HelmReleaseFailed", "HelmRepositoryDown"}
             <= live.prometheus.firing().keys() and all(map(live.prometheus.query, RATES)), 40)
    for board in boards(live):
        empty = {where for where, has_data in answers(live, board).items() if not has_data}
        assert empty == {each for each in EMPTY if each.startswith(board.name + ":")}, (board.name, empty)


def test_only_our_own_processes_are_shown(live):
    for board in boards(live):
        values = values_of(live, board)
        for where, expr, _ in board.queries():
            for found in live.prometheus.query(board.filled(expr, values)):
                assert found["metric"].get("job") != "prometheus", where
                assert not found["metric"].get("instance", "").endswith(f":{live.prometheus.port}"), where


def test_replicas_are_counted_once(live):
    for board in boards(live):
        for panel in board.panels:
            if panel["title"] in ("Releases", "Failed", "Charts", "Repositories", "Chart versions"):
                check_once(live, board, panel)


def check_once(live, board, panel):
    """The numbers of both replicas are those of one."""
    for target in panel["targets"]:
        rows = live.prometheus.query(board.filled(target["expr"], values_of(live, board)))
        identities = [frozenset(row["metric"].items()) for row in rows]
        assert len(set(identities)) == len(identities)
        assert not any("instance" in row["metric"] or "pod" in row["metric"] for row in rows), panel["title"]
