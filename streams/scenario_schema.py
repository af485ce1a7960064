"""The scenario's JSON Schema as it is published: what occurs several times in it is written once."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sim.scenario import Scenario

__all__ = ["scenario_schema", "shared"]


def scenario_schema() -> dict[str, Any]:
    """The schema of scenario files, JSON Schema 2020-12."""
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}
    return shared(document)


def shared(document: dict[str, Any]) -> dict[str, Any]:
    """The same schema with every model that occurs more than once under ``$defs``, by its title.

    >>> model = {"title": "M", "type": "object", "properties": {}}
    >>> shared({"properties": {"a": model, "b": model}})["properties"]
    {'a': {'$ref': '#/$defs/M'}, 'b': {'$ref': '#/$defs/M'}}
    """
    found = Counter(map(_text, _models(document)))
    meant: dict[str, str] = {}
    for model in _models(document):
        # Two models of one title that differ both stay where they are.
        if found[_text(model)] > 1 and meant.setdefault(model["title"], _text(model)) != _text(model):
            meant[model["title"]] = ""
    known = document.get("$defs", {})
    names = {text: title for title, text in meant.items() if text and title not in known}
    written = {title: _lifted(json.loads(text), names) for text, title in names.items()}
    whole: dict[str, Any] = _referring(document, names)
    return {**whole, "$defs": {**whole.get("$defs", {}), **dict(sorted(written.items()))}}


def _models(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        if isinstance(tree.get("title"), str) and isinstance(tree.get("properties"), dict):
            yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from _models(branch)


def _referring(tree: Any, names: dict[str, str]) -> Any:
    if isinstance(tree, dict):
        title = names.get(_text(tree)) if "properties" in tree else None
        return {"$ref": f"#/$defs/{title}"} if title else _lifted(tree, names)
    return [_referring(branch, names) for branch in tree] if isinstance(tree, list) else tree


def _lifted(tree: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {name: _referring(branch, names) for name, branch in tree.items()}


def _text(tree: Any) -> str:
    return json.dumps(tree, sort_keys=True)
