"""A shift of covariates."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Literal

import simpy
from pydantic import Field

from sim.dials import Dials
from sim.durations import Duration
from sim.names import UnknownNameError
from sim.shifts.shift import Announce, Course, Rule, Shift, Step

if TYPE_CHECKING:
    from sim.scenario import Scenario

__all__ = ["Covariate"]


class Covariate(Shift):
    """Who comes changes, P(X), while everyone behaves as before: arrivals are weighed by an attribute.

    Source: Shimodaira (2000), "Improving predictive inference under covariate shift by weighting the log-likelihood
    function", Journal of Statistical Planning and Inference 90.

    >>> Covariate(name="phones", at="1h", attribute="device", weights={"phone": 4}).target
    'arrivals.device'
    """

    kind: Literal["covariate"] = "covariate"
    attribute: Literal["region", "device", "language"]
    """The attribute of viewers by which arrivals are weighed."""
    weights: dict[str, Annotated[float, Field(gt=0, le=100)]] = Field(min_length=1)
    """How much more often viewers come by the word of their attribute; 1 for words that are not named."""
    lasts: Duration | None = Field(default=None, gt=0)
    """Simulated time until all is as before; for good, if not given."""

    @property
    def target(self) -> str:
        """The attribute of arrivals."""
        return f"arrivals.{self.attribute}"

    @property
    def size(self) -> float:
        """The ratio of the greatest to the smallest weight."""
        weights = [1.0, *self.weights.values()]
        return max(weights) / min(weights)

    def contradictions(self, scenario: "Scenario") -> Iterator[Rule]:
        """Words that the audience does not have."""
        known = scenario.vocabularies(planned=False)[self.attribute]
        for word, weight in self.weights.items():
            if word not in known:
                yield ("weights", word), weight, str(UnknownNameError(self.attribute, word, known))

    def course(self, env: simpy.Environment, dials: Dials, announce: Announce) -> Course:
        """Weigh arrivals; stop that, if a time was given."""
        onset = env.now
        end = None if self.lasts is None else onset + self.lasts
        weights: Mapping[str, float] = self.weights
        dials.attendance.weigh(self.name, self.attribute, weights)
        announce(self, Step(1.0, onset, end))
        if self.lasts is not None:
            yield env.timeout(self.lasts)
            dials.attendance.weigh(self.name, self.attribute, {})
            announce(self, Step(0.0, onset, end))
