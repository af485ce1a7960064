"""A shift that nobody had planned."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import field_validator

from sim.shifts.shift import AnyShift
from sim.steering.change import Change, Steered, beside

__all__ = ["PlantShift"]


class PlantShift(Change):
    """Plants any shift in the running world; its own ``at`` is time after the change, none by default.

    >>> evening = {"kind": "sudden", "name": "evening", "dial": "watch_scale", "factor": 0.5}
    >>> PlantShift(at=0, shift=evening).shift.at
    0
    """

    kind: Literal["shift"] = "shift"
    shift: AnyShift
    """What is planted."""

    @field_validator("shift", mode="before")
    @classmethod
    def _at_once(cls, shift: Any) -> Any:
        return {"at": 0, **shift} if isinstance(shift, Mapping) else shift

    def check(self, steered: Steered) -> None:
        """ValueError if its name is taken, its words are unknown, or the scenario does not watch its features."""
        if self.shift.name in steered.shifts:
            raise ValueError(f"shift {self.shift.name!r} is there already; labels could not tell them apart")
        beside(steered.scenario, "shifts", self.shift)
        known = steered.scenario.vocabularies()
        for vocabulary, words in self.shift.words().items():
            for word in words:
                if word not in known[vocabulary]:
                    raise ValueError(
                        f"shift {self.shift.name!r}: no record of this run can say {vocabulary} {word!r}, since words "
                        "get their codes when a run begins. Plan a shift that brings the word in the scenario, however "
                        "late"
                    )

    def act(self, steered: Steered) -> None:
        """Plant it; it tells the truth by itself."""
        steered.plant(self.shift)
