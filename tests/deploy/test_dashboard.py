"""The dashboard: whole, readable, and provisioned as it is mounted."""

import json
from collections import Counter
from itertools import combinations
from typing import Any

import pytest

from tests.deploy.composition import Services
from tests.deploy.layout import DASHBOARD, DEPLOY, dashboard, panels, yaml_of

GRAFANA = DEPLOY / "compose" / "grafana"


def _cells(panel: dict[str, Any]) -> set[tuple[int, int]]:
    place = panel["gridPos"]
    return {
        (x, y)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    }


@pytest.mark.parametrize("panel", panels(), ids=lambda panel: panel["title"])
def test_a_panel_says_what_it_shows_and_in_which_unit(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["targets"]
    assert all(target["datasource"]["uid"] == "${datasource}" for target in panel["targets"])


def test_panels_lie_in_the_grid_and_do_not_overlap() -> None:
    everything = dashboard()["panels"]
    assert all(x < 24 for panel in everything for x, _ in _cells(panel))
    for one, other in combinations(everything, 2):
        assert not _cells(one) & _cells(other), (one["title"], other["title"])


def test_titles_and_ids_are_unique() -> None:
    everything = dashboard()["panels"]
    for name in ("id", "title"):
        repeated = [
            value for value, count in Counter(panel[name] for panel in everything).items() if count > 1
        ]
        assert not repeated, name


def test_the_file_is_as_json_writes_it() -> None:
    assert DASHBOARD.read_text() == json.dumps(dashboard(), indent=2) + "\n"


def test_the_data_source_is_the_one_that_is_provisioned(services: Services) -> None:
    (source,) = yaml_of(GRAFANA / "datasource.yaml")["datasources"]
    (variable,) = dashboard()["templating"]["list"]
    assert (variable["query"], variable["current"]["value"]) == (source["type"], source["uid"])
    assert source["url"] == "http://prometheus:9090"
    assert "prometheus" in services


def test_the_dashboard_lies_where_grafana_looks(services: Services) -> None:
    targets = {volume["target"] for volume in services["grafana"]["volumes"]}
    (provider,) = yaml_of(GRAFANA / "dashboards.yaml")["providers"]
    home = services["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home in targets
    assert home.startswith(provider["options"]["path"] + "/")
