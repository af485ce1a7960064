"""A dial that is turned."""

from typing import Literal

from pydantic import Field, JsonValue, model_validator

from sim.dials import DialName
from sim.steering.change import Change, Steered

__all__ = ["TurnDial"]


class TurnDial(Change):
    """Turns a dial for good: by a factor, or to a level (1 is what the scenario says).

    >>> TurnDial(at="2026-11-22T12:30:00Z", dial="arrivals", factor=2).at
    1795350600000
    """

    kind: Literal["dial"] = "dial"
    dial: DialName
    """What is turned."""
    factor: float | None = Field(default=None, gt=0, le=100)
    """What its present level is multiplied by."""
    level: float | None = Field(default=None, gt=0, le=100)
    """What it is set to, whatever it was."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "TurnDial":
        if (self.factor is None) == (self.level is None):
            raise ValueError(f"dial {self.dial!r} needs either a factor or a level")
        return self

    def act(self, steered: Steered) -> None:
        """Turn it."""
        level = steered.dials[self.dial]
        steered.dials.turn(self.dial, self.factor or (self.level or level) / level)

    @property
    def told(self) -> tuple[str, JsonValue]:
        """The dial, and how far."""
        return self.dial, {"factor": self.factor} if self.factor else {"level": self.level}
