"""Identity: what must be the same for a world to go on from a checkpoint, and what it shall have come to by then."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from math import isclose
from typing import Any

import orjson

from sim.catalog.catalog import Catalog
from sim.catalog.columns import ItemColumns
from sim.checkpoint.errors import CheckpointError
from sim.dials import DIALS, Dials
from sim.scenario import Scenario

__all__ = ["Identity", "Outcome"]

_SAME = 1e-9


@dataclass(frozen=True)
class Identity:
    """Whose checkpoint it is: the version that wrote it, the scenario in full, the pace and the shard."""

    version: str
    scenario: dict[str, Any]
    span: int
    arrivals: float
    shard: tuple[int, int]

    @classmethod
    def of(cls, scenario: Scenario, span: int, arrivals: float, shard: tuple[int, int]) -> "Identity":
        """The identity of a world."""
        return cls(version("greenroom"), orjson.loads(scenario.model_dump_json()), span, arrivals, shard)

    def told(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)

    def check(self, told: Mapping[str, Any]) -> None:
        """CheckpointError with the first difference, if a checkpoint is of another world than this."""
        other = Identity(**told)
        if other.version != self.version:
            raise CheckpointError(
                f"the checkpoint was written by version {other.version} of greenroom, and this is {self.version}: "
                "resume with the version that wrote it"
            )
        if other.scenario["name"] != self.scenario["name"]:
            raise CheckpointError(
                f"the checkpoint is of scenario {other.scenario['name']!r}, not of {self.scenario['name']!r}"
            )
        for path, there, here in _differences(other.scenario, self.scenario, ""):
            raise CheckpointError(
                f"the checkpoint is of scenario {self.scenario['name']!r} with {path} = {there!r}, not {here!r}; "
                "resume with the scenario with which the run began"
            )
        if tuple(other.shard) != self.shard:
            there, here = ("{}/{}".format(*shard) for shard in (other.shard, self.shard))
            raise CheckpointError(f"the checkpoint is of shard {there}, not of {here}")
        if other.span != self.span or not isclose(other.arrivals, self.arrivals, rel_tol=_SAME):
            raise CheckpointError(
                f"the checkpoint is of a run with a step of {other.span:,} ms and {other.arrivals:g} times the "
                f"arrivals, not {self.span:,} ms and {self.arrivals:g}; resume with the rate with which the run began"
            )


@dataclass(frozen=True)
class Outcome:
    """What the processes on the stage have come to: acted out again, they must come to the same."""

    dials: dict[str, float]
    items: int
    catalogue: str

    @classmethod
    def of(cls, dials: Dials, catalog: Catalog) -> "Outcome":
        """The outcome until now."""
        digest = hashlib.sha256()
        for name in ItemColumns.__annotations__:
            digest.update(getattr(catalog, name).tobytes())
        return cls({name: dials[name] for name in DIALS}, len(catalog), digest.hexdigest())

    def told(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)

    def check(self, told: Mapping[str, Any]) -> None:
        """CheckpointError with the first difference, if the world had come to something else when it was left."""
        for path, there, here in _differences(told, self.told(), ""):
            raise CheckpointError(
                f"acted out again until the checkpoint, the world has {path} = {here!r}, and had {there!r}: "
                "resume with the plug-ins with which the run began"
            )


def _differences(there: Any, here: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(there, dict) and isinstance(here, dict):
        for name in dict.fromkeys([*there, *here]):
            yield from _differences(there.get(name), here.get(name), f"{path}.{name}".lstrip("."))
    elif there != here:
        yield path, there, here
