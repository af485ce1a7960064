"""Scenarios from the command line: a name or a file, and the values that flags replace."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from pydantic import ValidationError

from media_gen.studio import generator_for
from media_gen.spec import MediaSpec
from sim.durations import parse_duration
from sim.names import UnknownNameError
from sim.pace import Pace
from sim.scenario import Scenario
from sim.scenario_file import ScenarioError, load
from streams.exits import UsageError

__all__ = ["duration_of", "opened", "paced", "shard_of"]


def opened(name: str, *, seed: int | None = None, viewers: int | None = None, changes: Sequence[str] = ()) -> Scenario:
    """The scenario with flags applied and every name in it resolved; UsageError says what is wrong and where."""
    try:
        replaced: dict[str, Any] = dict(_change(text) for text in changes)
        replaced |= {} if seed is None else {"seed": seed}
        replaced |= {} if viewers is None else {"audience.viewers": viewers}
        scenario = load(name, replaced)
        _check_media(scenario)
    except ScenarioError as error:
        raise UsageError(str(error)) from error
    return scenario


def _change(text: str) -> tuple[str, Any]:
    from ruamel.yaml import YAML

    path, found, value = text.partition("=")
    if not found:
        raise UsageError(f"--set {text!r} must be path=value, such as audience.slate=20")
    return path.strip(), YAML(typ="safe", pure=True).load(value)


def _check_media(scenario: Scenario) -> None:
    for number, rule in enumerate(scenario.media):
        for genre, language in zip_longest(scenario.catalog.genres, scenario.languages, fillvalue=None):
            event = {"title": "Low Tide", "text": "Low Tide.", "genre": genre, "language": language}
            params = {name: _filled(value, event) for name, value in rule.params.items()}
            try:
                generator_for(MediaSpec(kind=rule.generator, params=_given(params), seed=0))
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                place = ".".join(str(step) for step in first["loc"])
                raise UsageError(
                    f"{scenario.name}: media.{number}.params.{place} = {first['input']!r}: {first['msg']}"
                ) from error


def _filled(value: Any, event: dict[str, Any]) -> Any:
    if not (isinstance(value, str) and value.startswith("$")):
        return value
    if value[1:] not in event:
        raise UnknownNameError("field of an event", value, [f"${name}" for name in event])
    return event[value[1:]]


def _given(params: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}


def shard_of(text: str) -> tuple[int, int]:
    """Shard and number of shards from ``i/n``."""
    first, _, second = text.partition("/")
    if not (first.isdigit() and second.isdigit() and int(first) < int(second)):
        raise UsageError(f"--shard {text!r} must be i/n with i from 0 to n-1, such as 0/4")
    return int(first), int(second)


def duration_of(flag: str, text: str | None) -> int | None:
    """Milliseconds of a flag's span of simulated time."""
    try:
        return None if text is None else parse_duration(text)
    except ValueError as error:
        raise UsageError(f"{flag}: {error}") from error


def paced(scenario: Scenario, speed: str, rate: float | None) -> tuple[float | None, Pace]:
    """Simulated seconds a second (None: as fast as possible), and the pace of the world."""
    factor = _speed(speed)
    if rate is None:
        return factor, Pace.of(scenario)
    if factor is None:
        raise UsageError("--rate needs a pace to hold: give --speed 1x or another finite speed instead of max")
    if rate <= 0:
        raise UsageError(f"--rate {rate:g} must be above 0 events a second")
    try:
        return factor, Pace.of(scenario, rate / factor)
    except ValueError as error:
        raise UsageError(f"--rate {rate:g}: {error}") from error


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    number = text.removesuffix("x")
    try:
        factor = float(number)
    except ValueError:
        factor = 0.0
    if factor <= 0:
        raise UsageError(f"--speed {text!r} must be max, or a factor such as 1x or 60x")
    return factor
