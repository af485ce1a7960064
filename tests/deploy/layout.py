"""Where the files of the deployment are, and how to read them."""

import json
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "compose" / "compose.yaml"
DASHBOARD = DEPLOY / "dashboards" / "greenroom.json"
PROMETHEUS = DEPLOY / "prometheus" / "prometheus.yml"
RULES = DEPLOY / "alerts" / "greenroom.rules.yml"
DOCKERFILE = DEPLOY / "Dockerfile"


def yaml_of(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path)


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DASHBOARD.read_text())
    return found


def panels() -> list[dict[str, Any]]:
    """The dashboard's panels, without the headings between them."""
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def alert_rules() -> list[dict[str, Any]]:
    return [rule for group in yaml_of(RULES)["groups"] for rule in group["rules"]]
