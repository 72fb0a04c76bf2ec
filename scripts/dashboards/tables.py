"""Tables of several queries, joined on the labels that they share."""

from panels import DATASOURCE, PLAIN, STATUS_COLORS, by_name, panel, steps, target


def column(field, title=None, **properties):
    """A field of the joined queries: a label, or "Value #A" of query A."""
    return {"field": field, "title": title or field, "properties": properties}


def number(ref, title, unit="short", thresholds=None, **properties):
    if thresholds:
        properties.update(thresholds=steps(thresholds), custom_cellOptions={"type": "color-text"})
    return column(f"Value #{ref}", title, unit=unit, **properties)


def linked(field, title, link, **properties):
    return column(field, title, links=[{"title": f"Open {title}", "url": link}], **properties)


def status_column():
    colors = {name: {"color": color, "index": i} for i, (name, color) in enumerate(STATUS_COLORS.items())}
    return column("status", mappings=[{"type": "value", "options": colors}],
                  custom_cellOptions={"type": "color-text"})


def to(board, *fields):
    """The address of another dashboard for the row's release or repository."""
    names = {"name": "release"}
    values = "".join(f"&var-{names.get(f, f)}=${{__data.fields.{f}:percentencode}}" for f in fields)
    return f"/d/helm-lookout-{board}?${{datasource:queryparam}}{values}&${{__url_time_range}}"


def table(title, queries, columns, help_text, width=24, sort=None):
    """queries: {ref: expr}. Only the columns given are shown, in their order."""
    wanted = [target(ref, expr, instant=True, table=True) for ref, expr in queries.items()]
    fields = [each["field"] for each in columns]
    values = ["Value"] if len(queries) == 1 else [f"Value #{ref}" for ref in queries]
    hidden = {field: True for field in ["Time", *values] if field not in fields}
    organize = {"excludeByName": hidden, "indexByName": {field: i for i, field in enumerate(fields)},
                "renameByName": {each["field"]: each["title"] for each in columns
                                 if each["title"] != each["field"]}}
    transformations = [{"id": "organize", "options": organize}]
    if len(queries) > 1:
        transformations.insert(0, {"id": "merge", "options": {}})
    options = {"frameIndex": 0, "showHeader": True, "cellHeight": "sm", "sortBy": [sort] if sort else [],
               "footer": {"show": False, "enablePagination": True, "reducer": ["sum"], "fields": [],
                          "countRows": False}}
    defaults = {"custom": {"align": "auto", "filterable": True, "cellOptions": {"type": "auto"},
                           "inspect": False},
                "thresholds": steps([(None, PLAIN)]), "color": {"mode": "thresholds"}, "noValue": ""}
    overrides = [by_name(each["title"], **each["properties"]) for each in columns if each["properties"]]
    return {**panel("table", title, width, help_text, wanted, defaults, options, overrides),
            "transformations": transformations}


def alerts(matchers, columns, width=24):
    """What Prometheus says is firing; its own series ALERTS."""
    labels = ["severity", "alertname", *(each["field"] for each in columns)]
    colors = {"critical": {"color": "red", "index": 0}, "warning": {"color": "orange", "index": 1},
              "info": {"color": "blue", "index": 2}}
    severity = column("severity", mappings=[{"type": "value", "options": colors}],
                      custom_cellOptions={"type": "color-text"}, custom_width=100)
    return table("Firing alerts", {"A": f"max by ({', '.join(labels)}) (ALERTS{{{matchers}}})"},
                 [severity, column("alertname", "alert"), *columns],
                 "Alerts of the chart's PrometheusRule; docs/alerts.md has a section for each.", width,
                 {"displayName": "alert", "desc": False})
