"""The load profile: how many requests a second are meant, and when each one is, fixed before the first is sent."""

from dataclasses import dataclass
from math import inf
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.durations import parse_duration
from sim.seeds import rng_for
from streams.exits import UsageError

__all__ = ["Arrivals", "LoadProfile", "Spacing", "Stage"]

Spacing = Literal["constant", "poisson"]

_SYNTAX = "stages are RATE:TIME or FROM:TO:TIME, separated by commas, such as 100:2000:60s,2000:2m"
_DEFAULT_S = 60.0


@dataclass(frozen=True)
class Stage:
    """A part of a profile: the rate goes evenly from ``first`` to ``last`` (requests/s) within ``seconds``."""

    first: float
    last: float
    seconds: float

    @property
    def requests(self) -> float:
        """How many requests the stage holds."""
        return (self.first + self.last) / 2 * self.seconds

    def cut(self, seconds: float) -> "Stage":
        """The beginning of the stage."""
        share = seconds / self.seconds
        return Stage(self.first, self.first + (self.last - self.first) * share, seconds)

    def steps(self, count: int) -> tuple["Stage", ...]:
        """The stage as a stair of constant rates; a constant one stays as it is."""
        if self.first == self.last:
            return (self,)
        rates = np.linspace(self.first, self.last, count)
        return tuple(Stage(float(rate), float(rate), self.seconds / count) for rate in rates)


@dataclass(frozen=True)
class LoadProfile:
    """Stages, one after the other.

    >>> profile = LoadProfile.parse(ramp="10:30:2s", rate=30, seconds=3)
    >>> profile.seconds, profile.requests
    (3.0, 70.0)
    """

    stages: tuple[Stage, ...]

    @classmethod
    def parse(
        cls, *, rate: float | None = None, ramp: str | None = None, seconds: float | None = None
    ) -> "LoadProfile":
        """The profile that flags ask for: the ramp's stages, then the rate (or the ramp's last) until ``seconds``."""
        if rate is not None and not 0 < rate < inf:
            raise UsageError(f"--rate {rate:g} must be above 0 requests a second, and finite")
        if seconds is not None and not 0 < seconds < inf:
            raise UsageError(f"--for {seconds:g}s must be longer than nothing")
        stages = _stages(ramp) if ramp else ()
        if not stages and rate is None:
            raise UsageError("nothing says how many requests a second are meant: give --rate, --ramp or both")
        if not stages:
            stages = (Stage(float(rate or 0), float(rate or 0), seconds or _DEFAULT_S),)
        return cls(_lasting(stages, seconds, rate))

    @property
    def seconds(self) -> float:
        """How long the profile lasts."""
        return float(sum(stage.seconds for stage in self.stages))

    @property
    def requests(self) -> float:
        """How many requests it holds, on average."""
        return float(sum(stage.requests for stage in self.stages))

    @property
    def peak(self) -> float:
        """Its highest rate."""
        return max(max(stage.first, stage.last) for stage in self.stages)

    @property
    def edges(self) -> NDArray[np.float64]:
        """When each stage begins, and when the last one ends (s)."""
        return np.concatenate([[0.0], np.cumsum([stage.seconds for stage in self.stages])])

    def stepped(self, steps: int = 10) -> "LoadProfile":
        """The same climb as a stair: each of its steps is long enough at one rate to be judged."""
        return LoadProfile(tuple(step for stage in self.stages for step in stage.steps(steps)))


class Arrivals:
    """When each request is meant, in seconds from the beginning: the inverse of the profile's integral.

    ``constant`` spaces requests evenly in the profile's own time; ``poisson`` draws their gaps, so that they bunch as
    those of independent people do (Çinlar 1975, inversion of a non-homogeneous Poisson process).

    >>> Arrivals(LoadProfile.parse(rate=4, seconds=1), "constant", seed=1).take(9)
    array([0.125, 0.375, 0.625, 0.875])
    """

    def __init__(self, profile: LoadProfile, spacing: Spacing, *, seed: int) -> None:
        self.profile, self.spacing = profile, spacing
        self._rng = rng_for(seed, "load arrivals")
        self._passed = 0.0 if spacing == "poisson" else -0.5
        self._begins = profile.edges
        self._counts = np.concatenate([[0.0], np.cumsum([stage.requests for stage in profile.stages])])
        self._first = np.array([stage.first for stage in profile.stages])
        self._slope = np.array([(s.last - s.first) / s.seconds for s in profile.stages])

    def take(self, count: int) -> NDArray[np.float64]:
        """The next requests' times (s), in order; fewer when the profile ends."""
        gaps = self._rng.standard_exponential(count) if self.spacing == "poisson" else np.ones(count)
        place = self._passed + np.cumsum(gaps)
        if count:
            self._passed = float(place[-1])
        return self._times(place[place < self._counts[-1]])

    def _times(self, place: NDArray[np.float64]) -> NDArray[np.float64]:
        stage = np.searchsorted(self._counts, place, "right") - 1
        over, first, slope = place - self._counts[stage], self._first[stage], self._slope[stage]
        root = np.sqrt(np.maximum(first**2 + 2 * slope * over, 0))
        times: NDArray[np.float64] = self._begins[stage] + 2 * over / np.maximum(first + root, 1e-300)
        return times


def _stages(ramp: str) -> tuple[Stage, ...]:
    return tuple(_stage(ramp, text.strip()) for text in ramp.split(","))


def _stage(ramp: str, text: str) -> Stage:
    *rates, span = text.split(":")
    try:
        numbers = [float(rate) for rate in rates]
        seconds = parse_duration(span) / 1000
    except ValueError as error:
        raise UsageError(f"--ramp {ramp!r}: {text!r}: {error}; {_SYNTAX}") from error
    if (
        len(numbers) not in (1, 2)
        or not all(0 <= n < inf for n in numbers)
        or not max(numbers)
        or not seconds
    ):
        raise UsageError(f"--ramp {ramp!r}: {text!r} is no stage with rates and a time above 0; {_SYNTAX}")
    return Stage(numbers[0], numbers[-1], seconds)


def _lasting(stages: tuple[Stage, ...], seconds: float | None, rate: float | None) -> tuple[Stage, ...]:
    kept, left = [], seconds if seconds is not None else sum(stage.seconds for stage in stages)
    for stage in stages:
        if left > 0:
            kept.append(stage.cut(min(stage.seconds, left)))
            left -= stage.seconds
    if left > 1e-9:
        held = rate if rate is not None else stages[-1].last
        kept.append(Stage(float(held), float(held), left))
    return tuple(kept)
