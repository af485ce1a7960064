"""Flags of sinks: ``parquet:out,topics=journeys,kinds=play,complete`` as a plan."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.names import UnknownNameError
from streams.exits import UsageError
from streams.publish.sinks.plan import SINKS, SinkPlan

__all__ = ["ChosenSinks", "chosen_sinks"]

_OPTION = re.compile(r",(?=[a-z_]+=)")


@dataclass(frozen=True)
class ChosenSinks:
    """Where a run's records go: to Kafka or not, and elsewhere, by name."""

    kafka: bool
    others: tuple[tuple[str, SinkPlan], ...]


def chosen_sinks(texts: Sequence[str]) -> ChosenSinks:
    """What ``--sink`` means, given never, once or several times; :class:`.UsageError` says what is wrong.

    A text is ``NAME[:PLACE][,OPTION=VALUE…]``; a word after a comma that is no option goes on with the last one.

    >>> chosen = chosen_sinks(["kafka", "parquet:out,topics=journeys,kinds=play,complete"])
    >>> chosen.kafka, [(name, plan.topics, plan.kinds) for name, plan in chosen.others]
    (True, [('parquet', ('journeys',), ('play', 'complete'))])
    """
    if not texts:
        return ChosenSinks(True, ())
    plans = [_plan(text) for text in texts if text != "kafka"]
    if len(texts) - len(plans) > 1:
        raise UsageError("--sink kafka is given twice; a run has one cluster")
    return ChosenSinks("kafka" in texts, tuple(zip(_names(plans), plans, strict=True)))


def _plan(text: str) -> SinkPlan:
    head, *options = _OPTION.split(text)
    kind, colon, place = head.partition(":")
    if kind == "kafka":
        raise UsageError(f"--sink {text}: kafka takes no place and no options; --broker says where it is")
    if kind not in SINKS.classes():
        raise UnknownNameError("sink", kind, [*SINKS.classes(), "kafka"])
    cls = SINKS.named(kind)
    if cls.place and not place:
        raise UsageError(f"--sink {text}: a {cls.place} is missing; write {kind}:{cls.place.upper()}")
    if colon and not cls.place:
        raise UsageError(f"--sink {text}: {kind} takes no place; write {kind}")
    given = {cls.place: place} if cls.place else {}
    for option in options:
        name, _, value = option.partition("=")
        _check_option(cls, text, name)
        given[name] = value.split(",") if name in ("topics", "kinds") else value
    try:
        plan = cls.model_validate(given)
    except ValidationError as error:
        raise UsageError("\n".join(_told(text, problem) for problem in error.errors())) from error
    if not plan.selection.possible:
        raise UsageError(
            f"--sink {text}: no record of kind {', '.join(plan.kinds)} is on {', '.join(plan.topics)}; "
            "leave one of the two out"
        )
    return plan


def _check_option(cls: type[SinkPlan], text: str, name: str) -> None:
    options = sorted(set(cls.model_fields) - {"kind", cls.place})
    if name not in options:
        comma = "; a comma of the place itself is written %2C" if cls.place == "url" else ""
        raise UsageError(f"--sink {text}: {UnknownNameError('option', name, options)}{comma}")


def _told(text: str, problem: ErrorDetails) -> str:
    place = ".".join(str(step) for step in problem["loc"])
    return f"--sink {text}: {place}={problem['input']}: {problem['msg'].removeprefix('Value error, ')}"


def _names(plans: Sequence[SinkPlan]) -> list[str]:
    """What each is called: its given name, else its kind, numbered where several would be called the same."""
    names: list[str] = []
    for plan in plans:
        if plan.name and plan.name in names:
            raise UsageError(f"two sinks are named {plan.name}; give each a name of its own")
        names.append(plan.name or _free(plan.kind, names))
    return names


def _free(kind: str, taken: Sequence[str]) -> str:
    number = 1
    while (name := kind if number == 1 else f"{kind}-{number}") in taken:
        number += 1
    return name
