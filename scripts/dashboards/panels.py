"""Panels in Grafana's JSON model. `width` is in columns of 24; board.place() turns it into a position."""

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
OK, WARNING, BAD, PLAIN = "green", "orange", "red", "text"
NONE_IS_GOOD = ((None, OK), (1, BAD))
STATUS_COLORS = {"deployed": "green", "superseded": "blue", "failed": "red", "unknown": "purple",
                 "pending-install": "orange", "pending-upgrade": "orange",
                 "pending-rollback": "orange", "uninstalling": "orange", "uninstalled": "text"}


def target(ref, expr, legend="", instant=False, table=False):
    return {"refId": ref, "datasource": DATASOURCE, "expr": expr, "legendFormat": legend or "__auto",
            "instant": instant, "range": not instant, "editorMode": "code",
            "format": "table" if table else "time_series"}


def targets(queries, instant=False):
    """queries: (expr, legend) or expr alone."""
    pairs = [each if isinstance(each, tuple) else (each, "") for each in queries]
    return [target(chr(ord("A") + i), expr, legend, instant) for i, (expr, legend) in enumerate(pairs)]


def steps(thresholds):
    return {"mode": "absolute", "steps": [{"value": at, "color": color} for at, color in thresholds]}


def panel(kind, title, width, help_text, wanted, defaults, options, overrides=()):
    return {"type": kind, "title": title, "description": help_text, "datasource": DATASOURCE,
            "width": width, "targets": wanted, "options": options,
            "fieldConfig": {"defaults": defaults, "overrides": list(overrides)}}


def stat(title, expr, help_text, thresholds=((None, PLAIN),), unit="short", width=3, **more):
    """One value. legend: show the label's text instead of the number; mappings: values as words."""
    legend = more.get("legend", "")
    defaults = {"unit": unit, "thresholds": steps(thresholds), "color": {"mode": "thresholds"},
                "mappings": more.get("mappings", []), "noValue": "–"}
    options = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
               "textMode": "name" if legend else "value", "colorMode": "value", "graphMode": "none",
               "justifyMode": "center", "orientation": "auto", "wideLayout": True,
               "showPercentChange": False, "percentChangeColorMode": "standard"}
    return panel("stat", title, width, help_text, targets([(expr, legend)], instant=True), defaults,
                 options, more.get("overrides", ()))


def series(title, queries, help_text, unit="short", width=12, **more):
    """Lines over time. stacked, stepped: how they are drawn; limit: a line where it gets too much."""
    custom = {"drawStyle": "line", "lineWidth": 1, "fillOpacity": 40 if more.get("stacked") else 8,
              "showPoints": "never", "spanNulls": False,
              "lineInterpolation": "stepAfter" if more.get("stepped") else "linear",
              "stacking": {"mode": "normal" if more.get("stacked") else "none", "group": "A"}}
    defaults = {"unit": unit, "min": 0, "color": {"mode": "palette-classic"}, "custom": custom}
    if "limit" in more:
        custom["thresholdsStyle"] = {"mode": "dashed"}
        defaults["thresholds"] = steps([(None, "transparent"), (more["limit"], BAD)])
    if more.get("whole"):
        defaults["decimals"] = 0
    options = {"legend": {"displayMode": "table", "placement": "right" if width > 8 else "bottom",
                          "calcs": ["lastNotNull", "max"], "showLegend": True},
               "tooltip": {"mode": "multi", "sort": "desc"}}
    overrides = more.get("overrides", ())
    return panel("timeseries", title, width, help_text, targets(queries), defaults, options, overrides)


def status_colors():
    """Overrides for series whose name is a status."""
    return [by_name(name, color={"mode": "fixed", "fixedColor": color})
            for name, color in STATUS_COLORS.items()]


def bars(title, expr, legend, help_text, unit="short", width=12, thresholds=((None, "blue"),), top=None):
    """One bar for each series now, the longest first."""
    defaults = {"unit": unit, "min": 0, "thresholds": steps(thresholds), "color": {"mode": "thresholds"}}
    if top:
        defaults["max"] = top
    options = {"orientation": "horizontal", "displayMode": "basic", "showUnfilled": True,
               "valueMode": "color", "namePlacement": "auto", "sizing": "auto", "minVizHeight": 16,
               "minVizWidth": 8, "maxVizHeight": 40,
               "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}
    return panel("bargauge", title, width, help_text, targets([(f"sort_desc({expr})", legend)], instant=True),
                 defaults, options)


def timeline(title, expr, legend, help_text, mappings, width=12):
    """States over time, one lane a series."""
    defaults = {"mappings": mappings, "color": {"mode": "fixed", "fixedColor": "blue"},
                "custom": {"lineWidth": 0, "fillOpacity": 80}}
    options = {"mergeValues": True, "showValue": "auto", "alignValue": "left", "rowHeight": 0.8,
               "legend": {"showLegend": False, "displayMode": "list", "placement": "bottom", "calcs": []},
               "tooltip": {"mode": "single", "sort": "none"}}
    return panel("state-timeline", title, width, help_text, targets([(expr, legend)]), defaults, options)


def words(**meanings):
    """Values as words: words(v0=("down", "red")) shows a red "down" for 0."""
    return [{"type": "value", "options": {value.lstrip("v"): {"text": text, "color": color, "index": i}
                                          for i, (value, (text, color)) in enumerate(meanings.items())}}]


def by_name(field, **properties):
    """How the column or the line of that name is shown; "custom_x" stands for "custom.x"."""
    return {"matcher": {"id": "byName", "options": field},
            "properties": [{"id": key.replace("custom_", "custom."), "value": value}
                           for key, value in properties.items()]}
