"""The read-out: estimates of a recommender's value from a log, beside what the log's own recommender earned."""

from pathlib import Path
from typing import Any

from sim.evaluation.estimate import Estimate, mean_of
from sim.evaluation.estimator import ESTIMATORS
from sim.evaluation.judging import evidence_of
from sim.pace import Pace
from sim.recommenders.recommender import Recommender
from sim.scenario import Scenario
from streams.evaluate.log import Log
from streams.evaluate.replay import verdict_on
from streams.evaluate.slates import Reward, logged_slates

__all__ = ["readout"]

_KINDS = ("ips", "snips", "doubly_robust")


def readout(
    folder: Path,
    scenario: Scenario,
    judged: Recommender,
    *,
    rate: float | None = None,
    reward: Reward = "picks",
    confidence: float = 0.95,
) -> dict[str, Any]:
    """All estimates with their intervals, the logged value, and how well the log supports them."""
    log = Log.read(folder)
    slates = logged_slates(log, scenario, reward)
    pace = Pace.of(scenario, rate)
    verdict = verdict_on(scenario.model_copy(update={"recommender": judged}), slates, pace)
    items = int(max(slates.items.max(), verdict.own.max())) + 1
    evidence = evidence_of(slates, verdict, items=items)
    logged = mean_of(slates.reward.sum(axis=1), evidence.viewer, confidence)
    estimates = {
        kind: ESTIMATORS.parse({"kind": kind, "confidence": confidence}).estimate(evidence) for kind in _KINDS
    }
    return {
        "slates": len(slates),
        "viewers": logged.groups,
        "served_by": sorted(log.shown["policy"].unique()),
        "judged": judged.kind,
        "reward": reward,
        "confidence": confidence,
        "logged": _told(logged),
        "estimates": {kind: _told(estimate) for kind, estimate in estimates.items()},
        "mean_weight": evidence.support,
        "effective_slates": evidence.effective,
    }


def _told(estimate: Estimate) -> dict[str, float]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}
