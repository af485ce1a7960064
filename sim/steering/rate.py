"""A rate of events that arrivals are brought to."""

from typing import Literal

from pydantic import Field, JsonValue

from sim.steering.change import Change, Steered

__all__ = ["SetRate"]


class SetRate(Change):
    """Turns the dial ``arrivals`` until the mean is so many events in a simulated second; the daily shape stays.

    >>> SetRate(at=0, events_per_second=250).events_per_second
    250.0
    """

    kind: Literal["rate"] = "rate"
    events_per_second: float = Field(gt=0)
    """Mean of all shards together, over a week, in simulated seconds."""

    def check(self, steered: Steered) -> None:
        """ValueError if the audience is too small for it."""
        self._level(steered)

    def act(self, steered: Steered) -> None:
        """Turn the arrivals."""
        steered.dials.turn("arrivals", self._level(steered) / steered.dials["arrivals"])

    def _level(self, steered: Steered) -> float:
        expected = steered.pace.expected
        if expected is None:
            raise ValueError(
                "nothing is known of how many events a session has; turn the dial 'arrivals' instead"
            )
        return expected.arrivals_for(self.events_per_second) / steered.pace.arrivals

    @property
    def told(self) -> tuple[str, JsonValue]:
        """The dial behind it, and the rate."""
        return "arrivals", {"events_per_second": self.events_per_second}
