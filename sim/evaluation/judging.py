"""Judging a policy by another one's log: from slates and requests to evidence."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.evaluation.evidence import Evidence
from sim.evaluation.rewards import RewardModel, halves
from sim.recommenders.recommender import SlateRequests, TransparentPolicy
from sim.seeds import Draws

__all__ = ["LoggedSlates", "Verdict", "evidence_of"]


@dataclass(frozen=True)
class LoggedSlates:
    """Slates as a log tells of them: what was asked, shown, with which probability, and what it earned."""

    requests: SlateRequests
    items: NDArray[np.int32]
    propensity: NDArray[np.float64]
    reward: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Verdict:
    """What a policy thinks of logged slates: each item's probability, and slates of its own for the same requests."""

    target: NDArray[np.float64]
    own: NDArray[np.int32]

    @classmethod
    def of(cls, policy: TransparentPolicy, slates: LoggedSlates, *, seed: int, draws: int = 4) -> "Verdict":
        """Ask a policy; ``own`` holds ``draws`` slates for every request (slates × draws × ranks)."""
        asked, fresh = slates.requests, Draws(seed, "evaluation")
        own = [
            policy.answer(replace(asked, bits=scramble)).items
            for scramble in (fresh.bits(asked.viewer, asked.at, draw) for draw in range(draws))
        ]
        return cls(policy.propensities(asked, slates.items), np.stack(own, axis=1))


def evidence_of(slates: LoggedSlates, verdict: Verdict, *, items: int) -> Evidence:
    """Evidence with a model of rewards, fitted to one half of the viewers and applied to the other (cross-fitting)."""
    viewer, odd = slates.requests.viewer, halves(slates.requests.viewer)
    predicted, expected = np.zeros(slates.reward.shape), np.zeros(len(slates))
    for here in (odd, ~odd):
        model = RewardModel.fitted(slates.items[~here], slates.reward[~here], count=items)
        predicted[here] = model.predicted(slates.items[here])
        expected[here] = model.predicted(verdict.own[here]).sum(axis=2).mean(axis=1)
    return Evidence(viewer, slates.reward, slates.propensity, verdict.target, predicted, expected)
