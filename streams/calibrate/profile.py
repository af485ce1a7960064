"""Profiles: scenarios written as files that anyone can play."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sim.scenario import Scenario
from sim.scenario_file import load, tree_of

__all__ = ["value_at", "write_changed", "write_tree"]


def value_at(scenario: Scenario, path: str) -> Any:
    """The value of a scenario at a dotted path; KeyError if there is none."""
    found: Any = scenario
    for step in path.split("."):
        try:
            if isinstance(found, Mapping):
                found = found[step]
            elif isinstance(found, tuple | list):
                found = found[int(step)]
            else:
                found = getattr(found, step)
        except (AttributeError, IndexError, KeyError, ValueError):
            raise KeyError(path) from None
    return found


def write_tree(file: Path, tree: Mapping[str, Any], comment: str) -> None:
    """Write a scenario's tree; it is one that can be played, or ValidationError says why not."""
    Scenario.model_validate(tree)
    _write(file, tree, comment)


def write_changed(file: Path, base: str, changes: Mapping[str, Any]) -> None:
    """Write a scenario with values replaced; its comments stay."""
    load(base, changes)
    _write(file, tree_of(base, changes), "")


def _write(file: Path, tree: Mapping[str, Any], comment: str) -> None:
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 110
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as out:
        if comment:
            out.write(f"# {comment}\n")
        yaml.dump(tree, out)
