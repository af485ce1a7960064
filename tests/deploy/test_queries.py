"""Dashboard and alerts ask for what the processes expose, and for nothing else."""

import re

import pytest

from tests.deploy.exposure import SCRAPED, exposed, own
from tests.deploy.layout import alert_rules, panels
from tests.deploy.queries import Query, queries

ALL = queries()
PLACEHOLDER = re.compile(r"\{\{\s*\$?(?:labels\.)?(\w+)\s*\}\}")


@pytest.mark.parametrize("query", ALL, ids=lambda query: query.place)
def test_series_and_labels_exist(query: Query) -> None:
    series = exposed()
    assert query.series <= series.keys(), f"{query.place} asks for what nothing exposes"
    known = SCRAPED.union(*(series[name] for name in query.series))
    assert query.labels <= known, f"{query.place} names labels that its series do not have"


def test_a_renamed_metric_is_noticed() -> None:
    query = Query(
        "here", "sum by (topik) (rate(greenroom_events_publishd_total{kind='play'}[$__rate_interval]))"
    )
    assert query.series == {"greenroom_events_publishd_total"}
    assert not query.series & exposed().keys()
    assert query.labels == {"topik", "kind"}


def test_every_metric_is_shown_or_watched() -> None:
    asked = set().union(*(query.series for query in ALL))
    families = {name.removesuffix("_bucket") for name in own() if not name.endswith(("_count", "_sum"))}
    unseen = {name for name in families if name not in asked and f"{name}_bucket" not in asked}
    assert not unseen, "metrics that neither the dashboard nor an alert asks for"


@pytest.mark.parametrize("panel", panels(), ids=lambda panel: panel["title"])
def test_legends_name_labels_that_the_query_keeps(panel: dict[str, list[dict[str, str]]]) -> None:
    for target in panel["targets"]:
        query = Query("legend", target["expr"])
        named = set(PLACEHOLDER.findall(target["legendFormat"]))
        assert named <= query.labels | SCRAPED, target["legendFormat"]


@pytest.mark.parametrize("rule", alert_rules(), ids=lambda rule: rule["alert"])
def test_an_alert_says_what_is_wrong_and_what_to_do(rule: dict[str, dict[str, str]]) -> None:
    assert rule["labels"]["severity"] in {"info", "warning", "critical"}
    assert rule["annotations"].keys() == {"summary", "remedy"}
