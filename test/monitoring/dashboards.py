"""The chart's Grafana dashboards: their queries, with variables replaced by what they may be."""

import json
import re

FOLDER = "charts/helm-lookout/dashboards"
LABEL_VALUES = re.compile(r"^label_values\((.*), (\w+)\)$")
LEGEND = re.compile(r"\{\{(\w+)\}\}")
VARIABLE = re.compile(r"\$(\w+)|\$\{(\w+)[^}]*\}")
BUILT_IN = {"__rate_interval": "1m", "__interval": "1m", "__range": "1h"}


class Dashboard:
    def __init__(self, path):
        self.name = path.stem
        self.text = path.read_text()
        self.model = json.loads(self.text)
        self.variables = self.model["templating"]["list"]
        self.places = [inner for outer in self.model["panels"] for inner in (outer, *outer.get("panels", []))]
        self.panels = [each for each in self.places if each["type"] != "row"]

    def queries(self):
        """(where, expr, legend) of every panel, variable and annotation."""
        for panel in self.panels:
            for target in panel["targets"]:
                where = f"{self.name}: {panel['title']} {target['refId']}"
                yield where, target["expr"], target["legendFormat"]
        for each in self.model["annotations"]["list"]:
            yield f"{self.name}: annotation {each['name']}", each["expr"], each["titleFormat"]
        for name, metric, label in self.variable_queries():
            yield f"{self.name}: variable {name}", f"count by ({label}) ({metric})", ""

    def variable_queries(self):
        for variable in self.variables:
            if variable["type"] == "query":
                metric, label = LABEL_VALUES.match(variable["definition"]).groups()
                yield variable["name"], metric, label

    def listed_variables(self):
        """Of variable_queries() those for which "All" is the values of the list."""
        listed = {each["name"] for each in self.variables
                  if each["multi"] and "allValue" not in each}
        return [each for each in self.variable_queries() if each[0] in listed]

    def used_variables(self):
        text = " ".join([expr for _, expr, _ in self.queries()])
        return {a or b for a, b in VARIABLE.findall(text)} - BUILT_IN.keys()

    def filled(self, expr, values):
        """expr with variables replaced: by `values`, else by what "All" stands for."""
        return VARIABLE.sub(lambda found: BUILT_IN.get(name := found[1] or found[2])
                            or values.get(name, ".*"), expr)


def read(root):
    return [Dashboard(path) for path in sorted((root / FOLDER).glob("*.json"))]
