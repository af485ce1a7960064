"""Scenario files: YAML in, a scenario out, and errors that name file, line, value, rule and the near miss."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sim.names import UnknownNameError
from sim.scenario import Scenario
from sim.scenario_rules import broken_rule

__all__ = ["ScenarioError", "load", "place_of", "shipped", "source_of", "tree_of"]


class ScenarioError(ValueError):
    """A scenario that cannot be played, and why."""


def shipped() -> tuple[str, ...]:
    """Names of the scenarios that come with the project."""
    folder = files("sim.scenarios")
    return tuple(
        sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    )


def source_of(name: str) -> tuple[str, str]:
    """File name and text of a scenario: one that ships by its name, any other by its path."""
    if name in shipped():
        return f"{name}.yaml", files("sim.scenarios").joinpath(f"{name}.yaml").read_text("utf-8")
    path = Path(name)
    if path.suffix not in (".yaml", ".yml") and not path.exists():
        raise UnknownNameError("scenario", name, [*shipped(), "FILE.yaml"])
    try:
        return name, path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(f"{name}: cannot be read: {reason}") from error


def load(name: str, changes: Mapping[str, Any] | None = None) -> Scenario:
    """The scenario with this name or path; ``changes`` replace values by dotted path (``audience.viewers``).

    >>> load("video_service", {"audience.viewers": 1000}).audience.viewers
    1000
    """
    file, tree = _changed(name, changes or {})
    try:
        return Scenario.model_validate(tree)
    except ValidationError as error:
        raise ScenarioError(_told(file, tree, error)) from error


def tree_of(name: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The parsed file with values replaced, its comments kept for writing it again."""
    return _changed(name, changes)[1]


def place_of(name: str, path: Iterable[int | str]) -> str:
    """File and line of a value that only a later reader found wrong, as ``file:line``."""
    file, tree = _changed(name, {})
    return f"{file}:{_line(tree, path)}"


def _changed(name: str, changes: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    file, text = source_of(name)
    tree = _parsed(file, text)
    for path, value in changes.items():
        _replace(tree, path.split("."), value)
    return file, tree


def _parsed(file: str, text: str) -> dict[str, Any]:
    try:
        tree = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ScenarioError(f"{file}:{line}: not YAML: {error.problem}") from error
    except YAMLError as error:
        raise ScenarioError(f"{file}: not YAML: {error}") from error
    except RecursionError as error:
        raise ScenarioError(f"{file}: nested too deeply; a scenario has a dozen levels") from error
    if not isinstance(tree, dict):
        raise ScenarioError(
            f"{file}:1: a scenario is a mapping of names to values, this is {type(tree).__name__}"
        )
    return tree


def _replace(tree: Any, path: list[str], value: Any) -> None:
    for done, name in enumerate(path):
        step = int(name) if isinstance(tree, list) and name.isdigit() and int(name) < len(tree) else name
        if not isinstance(tree, dict) and step is name:
            raise ScenarioError(
                f"{'.'.join(path)}: there is no {name!r} in {'.'.join(path[:done])} = {tree!r}"
            )
        if done == len(path) - 1:
            tree[step] = value
        elif isinstance(tree, dict):
            tree = tree.setdefault(step, {})
        else:
            tree = tree[step]


def _told(file: str, tree: Any, error: ValidationError) -> str:
    lines = []
    for found in error.errors(include_url=False):
        path = found["loc"]
        lines.append(f"{file}:{_line(tree, path)}: {broken_rule(tree, path, found)}")
    return "\n".join(lines)


def _line(tree: Any, path: Iterable[int | str]) -> int:
    line = 1
    for step in path:
        if not isinstance(tree, CommentedBase):
            break
        try:
            line = tree.lc.data[step][0] + 1
            tree = tree[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
    return line
