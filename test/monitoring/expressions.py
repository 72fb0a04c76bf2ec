"""What an expression names, checked against the metrics and labels that there are."""

import re

import promql_parser
from promql_parser import AggModifierType, LabelModifierType, MatchOp
from truth import TARGET

# May be matched on its target's namespace, since it has no label of that name itself.
TARGETS_NAMESPACE = {"helm_lookout_build_info"}


class Checker:
    """labels() gives the labels that an expression can have; what is wrong is in `wrong`."""

    def __init__(self, metrics):
        self.metrics = metrics
        self.wrong = []
        self.named = set()

    def labels(self, expr):
        return getattr(self, type(expr).__name__, self.nothing)(expr)

    def nothing(self, _):
        return set()

    def need(self, wanted, had, where):
        for label in sorted(set(wanted) - had):
            self.wrong.append(f"no label {label!r} in {where}")

    def VectorSelector(self, expr):
        metric = self.metrics.get(expr.name)
        self.named.add(expr.name)
        if metric is None:
            self.wrong.append(f"no metric {expr.name!r}")
            return set()
        had = metric.labels | TARGET
        for matcher in expr.matchers.matchers:
            self.need([matcher.name], had, expr.name)
            self.value(expr.name, metric, matcher)
        return had | ({"namespace"} if expr.name in TARGETS_NAMESPACE else set())

    def value(self, name, metric, matcher):
        if matcher.op == MatchOp.Equal:
            parts, test = [matcher.value], lambda part: part.__eq__
        elif matcher.op == MatchOp.Re:
            parts, test = matcher.value.split("|"), lambda part: re.compile(part).fullmatch
        else:
            return
        for part in parts:
            if part not in ("", ".*") and not metric.knows(matcher.name, test(part)):
                self.wrong.append(f"{name} never has {matcher.name}={part!r}")

    def MatrixSelector(self, expr):
        return self.labels(expr.vector_selector)

    def ParenExpr(self, expr):
        return self.labels(expr.expr)

    UnaryExpr = SubqueryExpr = ParenExpr

    def Call(self, expr):
        had = set().union(*(self.labels(each) for each in expr.args))
        if expr.func.name == "histogram_quantile":
            self.need(["le"], had, "histogram_quantile")
            return had - {"le"}
        return set() if expr.func.name == "absent" else had

    def AggregateExpr(self, expr):
        had = self.labels(expr.expr)
        if expr.modifier is None:
            return had if str(expr.op) in ("topk", "bottomk") else set()
        self.need(expr.modifier.labels, had, f"{expr.op} of {sorted(had)}")
        named = set(expr.modifier.labels)
        return named if expr.modifier.type == AggModifierType.By else had - named

    def BinaryExpr(self, expr):
        left, right = self.labels(expr.lhs), self.labels(expr.rhs)
        matching = expr.modifier.matching if expr.modifier else None
        if matching:
            for side in (left, right) if matching.type == LabelModifierType.Include else (left | right,):
                self.need(matching.labels, side, f"matching of {expr.op}")
        if str(expr.op) in ("and", "unless"):
            return left
        return left | right


def check(expr, metrics):
    """(labels of the result, names of metrics, what is wrong)."""
    checker = Checker(metrics)
    try:
        labels = checker.labels(promql_parser.parse(expr))
    except ValueError as error:
        return set(), set(), [f"{error} in {expr}"]
    return labels, checker.named, [f"{each}: {expr}" for each in checker.wrong]
