"""The contrast: what the policies of one log earned, beside each other; the read-out of A/B tests and interleaving."""

from pathlib import Path
from typing import Any

from sim.evaluation.comparison import Lift, Tally, lift, preference
from sim.evaluation.estimate import Estimate
from streams.evaluate.deeds import METRICS, Deeds
from streams.evaluate.log import Log
from streams.exits import UsageError

__all__ = ["contrast"]


def contrast(folder: Path, *, control: str | None = None, confidence: float = 0.95) -> dict[str, Any]:
    """What each policy of a log earned; the lift over ``control`` of an A/B test, the preference of interleaving.

    The design is read from the log: policies that share slates are interleaved (two of them), policies that share
    neither slates nor viewers are arms of an A/B test, and those that take turns before the same viewers (an outage,
    fallbacks) are told, not compared: times and viewers differ too.
    """
    deeds = Deeds(Log.read(folder))
    base = _control(deeds, control)
    told: dict[str, Any] = {
        "slates": deeds.slates,
        "viewers": deeds.viewers,
        "confidence": confidence,
        "design": _design(deeds),
        "policies": {policy: _earned(deeds, policy, confidence) for policy in deeds.policies},
    }
    others = [policy for policy in deeds.policies if policy != base]
    if told["design"] == "ab_test":
        told["control"] = base
        told["lift"] = {policy: _lifts(deeds, base, policy, confidence) for policy in others}
    if told["design"] == "interleaving":
        found = preference(*deeds.picks([base, others[0]]), confidence=confidence)
        told["preference"] = {"over": base, "for": others[0], **_told(found), "viewers": found.groups}
    return told


def _design(deeds: Deeds) -> str:
    if len(deeds.policies) == 1:
        return "one_policy"
    if deeds.shares_slates and len(deeds.policies) == 2:
        return "interleaving"
    return "turns" if deeds.shares_viewers else "ab_test"


def _control(deeds: Deeds, asked: str | None) -> str:
    control = asked or deeds.policies[0]
    if control not in deeds.policies:
        raise UsageError(
            f"--control {control!r} served no slate of the log; it has: {', '.join(deeds.policies)}"
        )
    return control


def _earned(deeds: Deeds, policy: str, confidence: float) -> dict[str, Any]:
    rows = deeds.rows.filter(policy=policy)
    counts = {name: int(rows[name].sum()) for name in ("viewers", "slates", "impressions", "picks")}
    means = {metric: _mean(deeds.tally(policy, metric), confidence) for metric in METRICS}
    return counts | means


def _mean(tally: Tally, confidence: float) -> dict[str, float | None]:
    if len(tally.occasions) < 2:
        return {"value": tally.mean, "low": None, "high": None}
    return _told(tally.estimate(confidence))


def _lifts(deeds: Deeds, control: str, treatment: str, confidence: float) -> dict[str, Any]:
    lifts = {}
    for metric in METRICS:
        arms = deeds.tally(control, metric), deeds.tally(treatment, metric)
        if min(len(arm.occasions) for arm in arms) < 2:
            raise UsageError(
                f"{control!r} or {treatment!r} has fewer than two viewers in the log: run for longer, or with more "
                "--viewers"
            )
        lifts[metric] = _lifted(lift(*arms, confidence=confidence))
    return lifts


def _lifted(found: Lift) -> dict[str, Any]:
    # Relative to nothing there is no lift; JSON has no word for what is not a number.
    relative = _told(found.relative) if found.control else None
    return {
        "control": found.control,
        "treatment": found.treatment,
        "difference": _told(found.difference),
        "relative": relative,
        "p_value": found.p_value,
    }


def _told(estimate: Estimate) -> dict[str, float | None]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}
