"""Fingerprints: what must be the same for a run to go on where another process left it."""

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import orjson

from sim.pace import Pace
from sim.scenario import Scenario

__all__ = ["differences", "fingerprint_of"]

_WIDTH = 8
_OF_NO_CONSEQUENCE = ("about", "drift")


def fingerprint_of(
    scenario: Scenario, pace: Pace, partitions: Mapping[str, int], **wire: object
) -> dict[str, str]:
    """Short digests of everything that shapes a shard's records, by name; ``wire`` is what the records look like.

    >>> from sim.testing import tiny_scenario
    >>> ours = fingerprint_of(tiny_scenario(), Pace(60_000), {"journeys": 8}, format="json")
    >>> differences(ours, ours | {"scenario.seed": "00000000", "format": "avro"})
    ['format (json, now avro)', 'scenario.seed']
    """
    parts = {
        f"scenario.{name}": _digest(value)
        for name, value in scenario.model_dump(mode="json").items()
        if name not in _OF_NO_CONSEQUENCE
    }
    parts["scenario.name"] = scenario.name
    parts |= {"rate": f"{pace.arrivals:.9g}", "tick": f"{pace.span} ms", "version": version("greenroom")}
    return (
        parts | {"partitions": _digest(dict(partitions))} | {name: str(value) for name, value in wire.items()}
    )


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What is not the same, in words; digests alone are not shown."""
    return [
        name if _is_digest(name) else f"{name} ({before.get(name)}, now {now.get(name)})"
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name)
    ]


def _is_digest(name: str) -> bool:
    return name == "partitions" or (name.startswith("scenario.") and name != "scenario.name")


def _digest(value: Any) -> str:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:_WIDTH]
