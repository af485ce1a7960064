"""A shift: a planted change of the world, whose onset and size are known."""

from abc import abstractmethod
from collections.abc import Callable, Generator
from typing import Annotated, Any

import simpy
from pydantic import Field, JsonValue, field_validator

from sim.dials import DIALS, Dials
from sim.durations import Duration
from sim.names import UnknownNameError
from sim.plugin import Family, OneOf, Plugin

__all__ = ["SHIFTS", "Announce", "AnyShift", "Shift"]

Announce = Callable[["Shift", float], None]


class Shift(Plugin):
    """A change of one dial, from ``at`` on; it takes effect at the next tick, and says so on the truth topic."""

    name: str = Field(min_length=1, pattern=r"^[a-z0-9_-]+$")
    """Name of the shift in the labels."""
    dial: str = Field(json_schema_extra={"enum": list[JsonValue](sorted(DIALS))})
    """What is turned."""
    at: Duration = Field(ge=0)
    """Simulated time after the start of the run."""
    features: tuple[str, ...] = ()
    """Drift features that should show it."""

    @field_validator("dial")
    @classmethod
    def _known(cls, dial: str) -> str:
        if dial not in DIALS:
            raise UnknownNameError("dial", dial, DIALS)
        return dial

    @abstractmethod
    def run(
        self, env: simpy.Environment, dials: Dials, announce: Announce
    ) -> Generator[simpy.Event, Any, None]:
        """The shift as a SimPy process."""


SHIFTS = Family("shift", Shift, "sim.shifts")
AnyShift = Annotated[Shift, OneOf(SHIFTS)]
