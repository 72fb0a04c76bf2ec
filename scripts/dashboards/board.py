"""A dashboard in Grafana's JSON model (schema version 39: Grafana 10.3 and later)."""

from panels import DATASOURCE

SCHEMA_VERSION = 39
COLUMNS = 24
TAG = "helm-lookout"


def datasource_variable():
    return {"name": "datasource", "label": "Data source", "type": "datasource",
            "query": "prometheus", "regex": "", "refresh": 1, "hide": 0, "multi": False,
            "includeAll": False, "options": [], "current": {}}


def variable(name, label, query, many=False, every_is=".*"):
    """Values of a label, read anew when the time range changes. many: several, and all at first.
    every_is: the regular expression for "All"; None: the values of the list, one by one."""
    every = {"selected": True, "text": ["All"], "value": ["$__all"]}
    return {"name": name, "label": label, "type": "query", "datasource": DATASOURCE,
            "query": {"qryType": 1, "query": query, "refId": "PrometheusVariableQueryEditor-VariableQuery"},
            "definition": query, "regex": "", "refresh": 2, "sort": 1, "hide": 0,
            "multi": many, "includeAll": many, "allValue": every_is if many else None,
            "options": [], "current": every if many else {}}


def annotation(name, expr, title, color):
    """Marks on the time axis where expr has a value."""
    return {"name": name, "datasource": DATASOURCE, "enable": True, "hide": False,
            "expr": expr, "step": "30s", "titleFormat": title, "iconColor": color,
            "useValueForTime": False}


def row(title, height, panels):
    return {"title": title, "height": height, "panels": panels}


def place(rows):
    """Panels from left to right; a row that is full goes on below."""
    placed, y = [], 0
    for each in rows:
        placed.append({"type": "row", "title": each["title"], "collapsed": False, "panels": [],
                       "gridPos": {"h": 1, "w": COLUMNS, "x": 0, "y": y}})
        y, x = y + 1, 0
        for panel in each["panels"]:
            width = panel.pop("width")
            if x + width > COLUMNS:
                y, x = y + each["height"], 0
            placed.append({**panel, "gridPos": {"h": each["height"], "w": width, "x": x, "y": y}})
            x += width
        y += each["height"]
    return [{"id": i, **panel} for i, panel in enumerate(placed, 1)]


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
