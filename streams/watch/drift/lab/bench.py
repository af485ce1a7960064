"""The drift bench: delay, misses, false alarms and cost of every detector on every shift and size."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sim.durations import DAY
from streams.watch.drift.detector import DETECTORS, Detector
from streams.watch.drift.lab.plan import Plan
from streams.watch.drift.lab.recording import Recording, recorded
from streams.watch.drift.lab.trial import Trial, tried
from streams.watch.drift.lab.world import ONSET, WATCH, scenario

__all__ = ["HORIZON_WINDOWS", "Outcome", "Quiet", "benched", "detectors_named", "quiet_days"]

HORIZON_WINDOWS = 16
"""Windows after the onset in which a shift must be found."""

_Told = Callable[[str], None]


@dataclass(frozen=True)
class Quiet:
    """What a detector does while nothing changes: false alarms in so many simulated days, and its cost."""

    false_alarms: int
    days: float
    cpu_s: float
    records: int

    @property
    def per_day(self) -> float:
        """False alarms per simulated day, over all features of the lab."""
        return self.false_alarms / self.days

    @property
    def ns_per_event(self) -> float:
        """CPU nanoseconds for each record, at the lab's size of windows."""
        return self.cpu_s / self.records * 1e9


@dataclass(frozen=True)
class Outcome:
    """One detector on one shift of one size: what the seeds said."""

    detector: str
    plan: Plan
    size: float
    delays: tuple[int | None, ...] | None
    """Simulated ms from the onset to the end of the window that fired, a seed each; None if it does not apply."""
    quiet: Quiet

    @property
    def found(self) -> list[int]:
        """The delays of the seeds in which it was found."""
        return [delay for delay in self.delays or () if delay is not None]

    def as_json(self) -> dict[str, Any]:
        """One object for each detector, shift and size."""
        middle = median(self.found) if self.found else None
        return {
            "detector": self.detector,
            "shift": self.plan.shift,
            "size": self.size,
            "feature": self.plan.feature,
            "applies": self.delays is not None,
            "seeds": len(self.delays or ()),
            "detected": len(self.found),
            "missed": len(self.delays or ()) - len(self.found),
            "delay_windows": None if middle is None else middle / WATCH.window,
            "delay_s": None if middle is None else middle / 1000,
            "worst_delay_windows": max(self.found) / WATCH.window if self.found else None,
            "false_alarms_per_day": round(self.quiet.per_day, 3),
            "quiet_days": round(self.quiet.days, 3),
            "cpu_ns_per_event": round(self.quiet.ns_per_event),
        }


def detectors_named(names: Sequence[str]) -> tuple[Detector, ...]:
    """Detectors with their default parameters; ``psi/reference`` is one that compares with the reference for ever.

    :class:`~sim.names.UnknownNameError` names the near miss; ValueError a detector that makes no comparisons.
    """
    return tuple(_named(*name.partition("/")) for name in names)


def _named(kind: str, slash: str, against: str) -> Detector:
    cls = DETECTORS.named(kind)
    if not slash:
        return cls(kind=kind)
    if "against" not in cls.model_fields:
        raise ValueError(f"{kind}/{against}: {kind} makes no comparisons; leave out '/{against}'")
    return DETECTORS.parse({"kind": kind, "against": against, "name": f"{kind}_{against}"})


def quiet_days(
    detectors: Sequence[Detector], seeds: Sequence[int], told: _Told = lambda line: None
) -> tuple[dict[str, Quiet], float]:
    """How each detector fares on a quiet day a seed, and the spread of watched times (deviation over mean)."""
    first = WATCH.warm_up + WATCH.reference
    found: dict[str, list[Trial]] = {detector.label: [] for detector in detectors}
    spreads = []
    for seed in seeds:
        told(f"a quiet day, seed {seed}")
        recording = recorded(scenario(seed), first + DAY)
        spreads.append(recording.spread)
        for detector in detectors:
            if trial := tried(detector, recording, WATCH):
                found[detector.label].append(trial)
    return {label: _quiet(trials) for label, trials in found.items()}, sum(spreads) / len(spreads)


def _quiet(trials: list[Trial]) -> Quiet:
    return Quiet(
        sum(trial.alarms(WATCH.window) for trial in trials),
        sum(trial.judged_ms for trial in trials) / DAY,
        sum(trial.cpu_s for trial in trials),
        sum(trial.records for trial in trials),
    )


def benched(
    detectors: Sequence[Detector],
    plans: Sequence[Plan],
    sizes: Sequence[float],
    seeds: Sequence[int],
    told: _Told = lambda line: None,
) -> Iterator[Outcome]:
    """The outcome of each detector on each shift and size, over all seeds; every stream is simulated once."""
    quiet, spread = quiet_days(detectors, seeds, told)
    for plan in plans:
        for size in sizes:
            told(f"{plan.shift} of size {size:g}")
            recordings = [_planted(plan, size, spread, seed) for seed in seeds]
            for detector in detectors:
                delays = [_delay(detector, recording, plan) for recording in recordings]
                applies = detector.takes(_sort(plan))
                yield Outcome(
                    detector.label, plan, size, tuple(delays) if applies else None, quiet[detector.label]
                )


def _planted(plan: Plan, size: float, spread: float, seed: int) -> Recording:
    return recorded(scenario(seed, [plan.planted(size, spread)]), ONSET + HORIZON_WINDOWS * WATCH.window)


def _delay(detector: Detector, recording: Recording, plan: Plan) -> int | None:
    trial = tried(detector, recording, WATCH, only=plan.feature)
    if trial is None or recording.onset is None:
        return None
    return trial.delay(plan.feature, recording.onset)


def _sort(plan: Plan) -> Any:
    return next(feature.type for feature in WATCH.features if feature.name == plan.feature)
