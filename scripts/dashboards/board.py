"""A dashboard in Grafana's JSON model (schema version 39: Grafana 10.3 and later)."""

import itertools

from panels import DATASOURCE

SCHEMA_VERSION = 39
COLUMNS = 24
TAG = "helm-lookout"


def datasource_variable():
    return {"name": "datasource", "label": "Data source", "type": "datasource",
            "query": "prometheus", "regex": "", "refresh": 1, "hide": 0, "multi": False,
            "includeAll": False, "options": []}


def variable(name, label, query, many=False, every_is=".*"):
    """Values of a label, read anew when the time range changes. many: several, and all at first.
    every_is: the regular expression for "All"; None: the values of the list, one by one."""
    every = {"current": {"selected": True, "text": ["All"], "value": ["$__all"]}}
    return {"name": name, "label": label, "type": "query", "datasource": DATASOURCE,
            "query": {"qryType": 1, "query": query, "refId": "PrometheusVariableQueryEditor-VariableQuery"},
            "definition": query, "regex": "", "refresh": 2, "sort": 1, "hide": 0,
            "multi": many, "includeAll": many, "options": [], **(every if many else {}),
            **({"allValue": every_is} if many and every_is else {})}


def annotation(name, expr, title, color):
    """Marks on the time axis where expr has a value."""
    return {"name": name, "datasource": DATASOURCE, "enable": True, "hide": False,
            "expr": expr, "step": "30s", "titleFormat": title, "iconColor": color,
            "useValueForTime": False}


def row(title, height, panels, collapsed=False):
    """collapsed: closed until somebody opens it, for what not everybody has."""
    return {"title": title, "height": height, "panels": panels, "collapsed": collapsed}


def place(rows):
    """Panels from left to right; a row that is full goes on below."""
    placed, y = [], 0
    numbers = itertools.count(1)
    for each in rows:
        head = {"id": next(numbers), "type": "row", "title": each["title"], "panels": [],
                "collapsed": each["collapsed"], "gridPos": {"h": 1, "w": COLUMNS, "x": 0, "y": y}}
        panels, y = in_lines(each, y + 1, numbers)
        placed.append(head)
        (head["panels"] if each["collapsed"] else placed).extend(panels)
    return placed


def in_lines(each, y, numbers):
    """(the panels of a row in their places, where the next row begins)."""
    panels, x = [], 0
    for panel in each["panels"]:
        width = panel.pop("width")
        if x + width > COLUMNS:
            y, x = y + each["height"], 0
        panels.append({"id": next(numbers), **panel,
                       "gridPos": {"h": each["height"], "w": width, "x": x, "y": y}})
        x += width
    return panels, y + each["height"]


def dashboard(name, title, description, variables, rows, annotations=(), hours=6):
    return {
        "uid": f"{TAG}-{name}", "title": title, "description": description, "tags": [TAG],
        "schemaVersion": SCHEMA_VERSION, "version": 1, "id": None, "editable": True,
        "graphTooltip": 1, "refresh": "1m", "timezone": "", "fiscalYearStartMonth": 0,
        "time": {"from": f"now-{hours}h", "to": "now"}, "timepicker": {}, "weekStart": "",
        "links": [{"title": "helm-lookout", "type": "dashboards", "tags": [TAG], "asDropdown": True,
                   "includeVars": False, "keepTime": True, "targetBlank": False, "icon": "external link",
                   "tooltip": "", "url": ""}],
        "annotations": {"list": list(annotations)},
        "templating": {"list": [datasource_variable(), *variables]},
        "panels": place(rows)}
