"""Scenarios from the command line: a name or a file, and the values that flags replace."""

from collections.abc import Sequence
from itertools import zip_longest
from math import inf
from typing import Any

from pydantic import ValidationError

from media_gen.spec import MediaSpec
from media_gen.studio import generator_for
from sim.durations import parse_duration
from sim.media import MediaRule
from sim.names import UnknownNameError
from sim.pace import Pace
from sim.scenario import Scenario
from sim.scenario_file import ScenarioError, load, place_of
from streams.exits import UsageError

__all__ = ["duration_of", "opened", "pace_at", "paced", "shard_of"]


def opened(
    name: str, *, seed: int | None = None, viewers: int | None = None, changes: Sequence[str] = ()
) -> Scenario:
    """The scenario with flags applied and every name in it resolved; UsageError says what is wrong and where."""
    try:
        replaced: dict[str, Any] = dict(_change(text) for text in changes)
        replaced |= {} if seed is None else {"seed": seed}
        replaced |= {} if viewers is None else {"audience.viewers": viewers}
        scenario = load(name, replaced)
        _check_media(name, scenario)
    except (ScenarioError, UnknownNameError) as error:
        raise UsageError(str(error)) from error
    return scenario


def _change(text: str) -> tuple[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    path, found, value = text.partition("=")
    if not found:
        raise UsageError(f"--set {text!r} must be path=value, such as audience.slate=20")
    try:
        return path.strip(), YAML(typ="safe", pure=True).load(value)
    except YAMLError as error:
        raise UsageError(
            f"--set {text!r}: {value!r} is not YAML; write a value as in a scenario file"
        ) from error


def _check_media(name: str, scenario: Scenario) -> None:
    for number, rule in enumerate(scenario.media):
        try:
            _check_rule(scenario, rule)
        except UnknownNameError as error:
            raise UsageError(
                f"{place_of(name, ('media', number, 'generator'))}: media.{number}.generator: {error}"
            ) from error
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            path = ("media", number, "params", *first["loc"])
            place = ".".join(str(step) for step in path)
            raise UsageError(
                f"{place_of(name, path)}: {place} = {first['input']!r}: {first['msg']}"
            ) from error


def _check_rule(scenario: Scenario, rule: MediaRule) -> None:
    # Once with each genre and once with each language, since generators know only some.
    for genre, language in zip_longest(scenario.catalog.genres, scenario.languages, fillvalue=None):
        event = {
            "title": "Low Tide",
            "text": "Low Tide.",
            "in_image": "Low Tide",
            "marker": 0,
            "genre": genre,
            "language": language,
        }
        params = {key: _filled(value, event) for key, value in rule.params.items()}
        given = {key: value for key, value in params.items() if value is not None}
        generator_for(MediaSpec(kind=rule.generator, params=given, seed=0))


def _filled(value: Any, event: dict[str, Any]) -> Any:
    return event[value[1:]] if isinstance(value, str) and value.startswith("$") else value


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
        raise UsageError(
            "--rate needs a pace to hold: give --speed 1x or another finite speed instead of max"
        )
    return factor, pace_at(scenario, rate, factor)


def pace_at(scenario: Scenario, rate: float, factor: float = 1.0) -> Pace:
    """The pace of a world that is played at so many times its own speed, to give so many events a second."""
    if not (0 < rate < inf):
        raise UsageError(f"--rate {rate:g} must be above 0 events a second, and finite")
    try:
        return Pace.of(scenario, rate / factor)
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
    if not (0 < factor < inf):
        raise UsageError(f"--speed {text!r} must be max, or a factor such as 1x or 60x")
    return factor
