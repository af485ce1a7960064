"""A race against a live service: attackers evolve by its own verdicts."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event
from typing import Any

from sim.adversaries.evolution.attackers import Attackers, EvolutionSettings
from sim.adversaries.gate import gated
from streams.loadtest.arrivals import Arrivals, LoadProfile
from streams.loadtest.moderation.question import Question
from streams.loadtest.moderation.shape import Shape, Verdict
from streams.loadtest.moderation.sitting import Sitting
from streams.loadtest.open_loop import OpenLoop

__all__ = ["Race", "half_life"]


class _Probing(Sitting):
    """A sitting whose verdicts go to the attackers."""

    flagged: dict[int, bool]

    def heard(self, question: Question, verdict: Verdict) -> None:
        self.flagged[question.base] = verdict.flagged


@dataclass
class Race:
    """Epochs of probes at a constant rate; what a service does not answer counts as found, for nobody gained by it.

    Hard negatives in the same disguises are asked along, one for every four probes: what a service pays that retrains
    on the attack alone.
    """

    loop: OpenLoop
    shape: Shape
    settings: EvolutionSettings
    rate: float
    seed: int
    stop: Event

    def run(self, epochs: int) -> dict[str, Any]:
        """Race for some epochs; tells each of them and the half-life of the greatest success."""
        attackers = Attackers(self.settings, seed=self.seed)
        told: list[dict[str, Any]] = []
        for epoch in range(epochs):
            flagged = self._asked(attackers, epoch)
            many = self.settings.budget
            attackers.tell([flagged.get(number, True) for number in range(many)])
            harmless = [value for number, value in flagged.items() if number >= many]
            reading = attackers.readings[-1]
            told.append(
                {
                    "epoch": epoch,
                    "success": round(reading.success, 6),
                    "best": round(reading.best, 6),
                    "genome": str(reading.genome),
                    "fpr_disguised": round(sum(harmless) / len(harmless), 6) if harmless else None,
                    "answered": len(flagged),
                }
            )
            attackers.evolve()
            if self.stop.is_set():
                break
        return {"epochs": told, "half_life": half_life([one["success"] for one in told])}

    def _asked(self, attackers: Attackers, epoch: int) -> dict[int, bool]:
        questions = list(_questions(attackers, epoch))
        sitting = _Probing(self.loop, self.shape, self.stop)
        sitting.flagged = {}
        profile = LoadProfile.parse(rate=self.rate, seconds=(len(questions) + 1) / self.rate)
        sitting.sit(Arrivals(profile, "constant", seed=self.seed), iter(questions))
        return sitting.flagged


def _questions(attackers: Attackers, epoch: int) -> Iterator[Question]:
    recipes = [probe.recipe for probe in attackers.probes()]
    recipes += attackers.hard_negatives(len(recipes) // 4)
    for number, recipe in enumerate(recipes):
        yield Question(
            f"race-{epoch:04d}-{number:06d}",
            gated(recipe).text,
            recipe.language,
            recipe.policy,
            recipe.violating,
            recipe.function,
            number,
        )


def half_life(success: list[float]) -> int | None:
    """Epochs from the greatest success until it is at most half as great; None if it never is.

    >>> half_life([0.2, 0.6, 0.5, 0.3, 0.1])
    2
    """
    if not success:
        return None
    peak = max(range(len(success)), key=success.__getitem__)
    below = [epoch for epoch in range(peak + 1, len(success)) if success[epoch] <= success[peak] / 2]
    return below[0] - peak if below else None
