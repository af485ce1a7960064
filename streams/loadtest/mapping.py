"""Mapping files: how another service's requests and answers look, so that it can be tested as it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sim.names import UnknownNameError
from streams.exits import UsageError

__all__ = ["Finder", "Template", "load_mapping"]

M = TypeVar("M", bound=BaseModel)


class Template:
    """A tree of JSON in which ``$name`` stands for a value; ``$$`` begins a text with a dollar sign.

    >>> Template({"user": "$user_id", "tag": "$$5"}, known=["user_id", "k"]).filled({"user_id": "u1", "k": 3})
    {'user': 'u1', 'tag': '$5'}
    """

    def __init__(self, tree: Any, *, known: list[str]) -> None:
        """``known`` are the names that will have values; another one is refused now."""
        self.tree = tree
        self._check(tree, known)

    def _check(self, tree: Any, known: list[str]) -> None:
        for branch in _branches(tree):
            self._check(branch, known)
        if (name := _name(tree)) is not None and name not in known:
            raise UnknownNameError("value", f"${name}", [f"${name}" for name in known])

    def filled(self, values: Mapping[str, Any]) -> Any:
        """The tree with its values."""
        return _filled(self.tree, values)


class Finder:
    """A JMESPath expression that finds something in an answer.

    >>> Finder("results[*].id")({"results": [{"id": 4}, {"id": 2}]})
    [4, 2]
    """

    def __init__(self, expression: str) -> None:
        self.expression = expression
        try:
            self._compiled = jmespath.compile(expression)
        except JMESPathError as error:
            raise UsageError(f"{expression!r} is no JMESPath expression: {error}") from error

    def __call__(self, tree: Any) -> Any:
        """What the expression finds, or None."""
        try:
            return self._compiled.search(tree)
        except JMESPathError:
            return None


def load_mapping(file: Path, model: type[M]) -> M:
    """A mapping file as its model; :class:`UsageError` names file, place, value and rule."""
    try:
        tree = YAML(typ="safe", pure=True).load(file.read_text("utf-8"))
        return model.model_validate(tree)
    except OSError as error:
        raise UsageError(f"mapping file {file}: {error.strerror}") from error
    except YAMLError as error:
        raise UsageError(f"mapping file {file} is not YAML: {error}") from error
    except ValidationError as error:
        told = [
            f"{file}: {'.'.join(map(str, one['loc'])) or 'the file'} = {one['input']!r}: {one['msg']}"
            for one in error.errors(include_url=False)
        ]
        raise UsageError("\n".join(told)) from error


def _branches(tree: Any) -> list[Any]:
    if isinstance(tree, Mapping):
        return list(tree.values())
    return list(tree) if isinstance(tree, list) else []


def _name(tree: Any) -> str | None:
    return tree[1:] if isinstance(tree, str) and tree.startswith("$") and not tree.startswith("$$") else None


def _filled(tree: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(tree, Mapping):
        return {name: _filled(branch, values) for name, branch in tree.items()}
    if isinstance(tree, list):
        return [_filled(branch, values) for branch in tree]
    if (name := _name(tree)) is not None:
        return values[name]
    return tree[1:] if isinstance(tree, str) and tree.startswith("$$") else tree
