"""Watch time with an exponential head and a power-law tail."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from scipy.special import expit, logit

from sim.audience.behaviour import Floats, Watching
from sim.durations import HOUR, MINUTE, Duration

__all__ = ["ExponentialPareto"]


class ExponentialPareto(Watching):
    """Time to stop: exponential for those who only try a film, a truncated power law for those who settle down.

    Shorter than ``split``: density ∝ exp(−t/m); from there to ``longest``: density ∝ t^−α (session times of video on
    demand in PPLive, Huang et al. 2008, have such a head and tail). Affinity moves viewers from head to tail.

    >>> film = ExponentialPareto(split="10m", settled=0.5, exponent=1.0, longest="1000m", pull=0)
    >>> (film.ratio(np.zeros(2), np.full(2, 6_000_000), np.array([0.5, 0.75])) * 100).round(2).tolist()
    [10.0, 100.0]
    """

    kind: Literal["exponential_pareto"] = "exponential_pareto"
    head: Duration = Field(default=4 * MINUTE, gt=0)
    """Mean m of the exponential that the head is cut from."""
    split: Duration = Field(default=12 * MINUTE, gt=0)
    """Where the tail begins."""
    settled: float = Field(default=0.7, gt=0, lt=1)
    """Share of viewers in the tail, at affinity 0."""
    exponent: float = Field(default=0.6, ge=0, le=6)
    """Exponent α of the tail."""
    longest: Duration = Field(default=4 * HOUR, gt=0)
    """Where the tail is cut off."""
    pull: float = Field(default=0.4, ge=0, le=4)
    """How much one unit of affinity adds to the logit of being in the tail."""

    @model_validator(mode="after")
    def _ordered(self) -> "ExponentialPareto":
        if self.longest <= self.split:
            raise ValueError(
                f"longest is {self.longest} ms: it must be above split, {self.split} ms, where the tail begins"
            )
        return self

    def ratio(self, affinity: Floats, length: NDArray[np.int64], uniform: Floats) -> Floats:
        """Time until the viewer stops, over the item's length."""
        trying = 1 - expit(logit(self.settled) + self.pull * affinity)
        early = self._head(np.minimum(uniform / np.maximum(trying, 1e-300), 1))
        late = self._tail(np.maximum(uniform - trying, 0) / np.maximum(1 - trying, 1e-300))
        time: Floats = np.where(uniform < trying, early, late) / length
        return time

    def _head(self, part: Floats) -> Floats:
        head: Floats = -self.head * np.log1p(part * np.expm1(-self.split / self.head))
        return head

    def _tail(self, part: Floats) -> Floats:
        power, wide = 1 - self.exponent, np.log(self.longest / self.split)
        # As the exponent nears 1 the power vanishes, and the law is uniform in the logarithm.
        stretch = part * wide if abs(power) < 1e-6 else np.log1p(part * np.expm1(power * wide)) / power
        tail: Floats = self.split * np.exp(stretch)
        return tail
