"""A shift: a planted change of the world, whose onset and size are known."""

from abc import abstractmethod
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import simpy
from pydantic import Field

from sim.dials import Dials
from sim.durations import Duration
from sim.plugin import Family, OneOf, Plugin

if TYPE_CHECKING:
    from sim.scenario import Scenario

__all__ = ["SHIFTS", "Announce", "AnyShift", "Course", "Rule", "Shift", "Step"]


@dataclass(frozen=True)
class Step:
    """A moment at which a shift changes something.

    ``level`` is the part of the change that is in effect from now on: 0 none of it, 1 all; ``factor`` what a dial is
    multiplied by; ``onset`` and ``end`` (simulated ms; None: for good) are when this change began and will be over.
    """

    level: float
    onset: float
    end: float | None = None
    factor: float | None = None


Announce = Callable[["Shift", Step], None]
Course = Generator[simpy.Event, Any, None]
Rule = tuple[tuple[str | int, ...], Any, str]
"""Where in the shift, which value, and which rule it breaks."""


class Shift(Plugin):
    """A change from ``at`` on; it takes effect at the next tick, and says so on the truth topic."""

    name: str = Field(min_length=1, pattern=r"^[a-z0-9_-]+$")
    """Name of the shift in the labels."""
    at: Duration = Field(ge=0)
    """Simulated time after the start of the run."""
    features: tuple[str, ...] = ()
    """Drift features that should show it."""

    @property
    @abstractmethod
    def target(self) -> str:
        """What it changes: a dial, an attribute of who comes, or a field of records."""

    @property
    @abstractmethod
    def size(self) -> float:
        """How great the whole change is, in the unit of its sort."""

    def words(self) -> Mapping[str, tuple[str, ...]]:
        """Words that it adds to vocabularies of label fields."""
        return {}

    def contradictions(self, scenario: "Scenario") -> Iterator[Rule]:
        """What in the shift does not fit the rest of a scenario."""
        yield from ()

    def run(self, env: simpy.Environment, dials: Dials, announce: Announce) -> Course:
        """The shift as a SimPy process: wait for the onset, then take the course of its sort."""
        # A wait of no time at all would still let the first tick pass by.
        if self.at:
            yield env.timeout(self.at)
        yield from self.course(env, dials, announce)

    @abstractmethod
    def course(self, env: simpy.Environment, dials: Dials, announce: Announce) -> Course:
        """What happens from the onset on."""


SHIFTS = Family("shift", Shift, "sim.shifts")
AnyShift = Annotated[Shift, OneOf(SHIFTS)]
