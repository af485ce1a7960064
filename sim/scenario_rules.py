"""Broken rules: a validation error as a sentence with the value, the rule and the near miss."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from sim.names import near_miss
from sim.plugin import OneOf
from sim.scenario import Scenario

__all__ = ["broken_rule"]

Path = Sequence[int | str]


def broken_rule(tree: Any, path: Path, error: Mapping[str, Any]) -> str:
    """The sentence for one error that pydantic found at a path of the tree."""
    place = ".".join(str(step) for step in path) or "the scenario"
    if error["type"] == "extra_forbidden":
        known = _known_keys(tree, path[:-1])
        meant = near_miss(str(path[-1]), known)
        hint = f" Did you mean {meant!r}?" if meant else ""
        return f"{place}: unknown key {str(path[-1])!r}; known: {', '.join(sorted(known))}.{hint}"
    if error["type"] == "missing":
        return f"{place}: missing; add it"
    rule = str(error["msg"]).removeprefix("Value error, ")
    rule = rule[0].lower() + rule[1:]
    value = error["input"]
    if isinstance(value, Mapping | BaseModel):
        return f"{place}: {rule}"
    return f"{place} = {_short(value)}: {rule}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _known_keys(tree: Any, path: Path) -> list[str]:
    kind: Any = Scenario
    for step in path:
        tree = _under(tree, step)
        kind = _type_under(kind, step)
        kind = _plugin(kind, tree) or kind
    model = _model(kind)
    return list(model.model_fields) if model else []


def _under(tree: Any, step: int | str) -> Any:
    try:
        return tree[step]
    except (KeyError, IndexError, TypeError):
        return None


def _type_under(kind: Any, step: int | str) -> Any:
    model = _model(kind)
    if model is not None and step in model.model_fields:
        field = model.model_fields[str(step)]
        return _with_metadata(field.annotation, field.metadata)
    if get_origin(kind) is not None:
        # tuple[X, ...] holds X at every index, dict[str, X] at every key.
        arguments = [argument for argument in get_args(kind) if argument is not Ellipsis]
        return arguments[-1] if arguments else None
    return None


def _with_metadata(annotation: Any, metadata: Sequence[Any]) -> Any:
    for mark in metadata:
        if isinstance(mark, OneOf):
            return mark
    return annotation


def _plugin(kind: Any, tree: Any) -> type[BaseModel] | None:
    # A plug-in that may be left out is one of two arguments, the other being None.
    parts = [kind, *get_args(kind)]
    marks = [mark for part in parts for mark in (part, *getattr(part, "__metadata__", ()))]
    for mark in marks:
        if isinstance(mark, OneOf) and isinstance(tree, Mapping):
            return mark.family.classes().get(str(tree.get("kind")))
    return None


def _model(kind: Any) -> type[BaseModel] | None:
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
