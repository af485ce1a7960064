"""The PromQL of dashboard and alerts, taken apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import promql_parser
from promql_parser import AggregateExpr, BinaryExpr, MatchOp, MatrixSelector, VectorSelector

from tests.deploy.layout import alert_rules, dashboard, panels

VARIABLES = {"$__rate_interval": "5m", "$__interval": "15s", "$__range": "30m"}
"""Grafana's variables of time, and a value that stands for each."""


@dataclass
class Query:
    """One expression: where it stands, the series that it selects, and the labels that it names."""

    place: str
    text: str
    selectors: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name, value in VARIABLES.items():
            self.text = self.text.replace(name, value)
        promql_parser.walk(promql_parser.parse(self.text), self._visit)

    @property
    def series(self) -> set[str]:
        return {name for name, _ in self.selectors}

    def _visit(self, node: object) -> None:
        if isinstance(node, MatrixSelector):
            node = node.vector_selector
        if isinstance(node, VectorSelector):
            matchers = node.matchers.matchers
            equal = {matcher.name: matcher.value for matcher in matchers if matcher.op == MatchOp.Equal}
            self.selectors.append((node.name or "", equal))
            self.labels |= {matcher.name for matcher in matchers}
        elif isinstance(node, AggregateExpr) and node.modifier:
            self.labels |= set(node.modifier.labels)
        elif isinstance(node, BinaryExpr) and node.modifier:
            self.labels |= set(node.modifier.matching.labels if node.modifier.matching else ())


def queries() -> list[Query]:
    """Every expression of the dashboard and of the alerts."""
    return [Query(place, text) for place, text in _texts()]


def _texts() -> Iterator[tuple[str, str]]:
    for panel in panels():
        for target in panel["targets"]:
            yield f"panel {panel['title']!r}, query {target['refId']}", target["expr"]
    for annotation in dashboard()["annotations"]["list"]:
        yield f"annotation {annotation['name']!r}", annotation["expr"]
    for rule in alert_rules():
        yield f"alert {rule['alert']}", rule["expr"]
