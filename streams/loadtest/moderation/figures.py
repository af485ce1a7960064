"""The figures of a moderation test, and the short names under which gates may speak of them."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from sim.adversaries.operator import OPERATORS
from streams.loadtest.gates import LOAD_FIGURES
from streams.loadtest.moderation.campaign_scores import campaign_scores, co_sharing_scores
from streams.loadtest.moderation.exam import STRENGTHS
from streams.loadtest.moderation.operator_scores import calibration, operator_scores
from streams.loadtest.moderation.policy_scores import benign_scores, policy_scores
from streams.loadtest.moderation.sitting import MALFORMED, Sitting

__all__ = ["figures_of", "known_figures", "short_names"]

_BY_POLICY = ("recall", "precision", "fpr", "pair_accuracy", "robust_accuracy", "deployed_precision")


def figures_of(sitting: Sitting, prevalence: float) -> dict[str, Any]:
    """What a sitting found out about the service: policies, operators, benign talk, calibration, campaigns."""
    marks = sitting.marks.table()
    single, posted = marks.filter(pl.col("campaign") == ""), marks.filter(pl.col("campaign") != "")
    return {
        "judged": len(marks),
        "prevalence": prevalence,
        "policies": policy_scores(single, prevalence),
        "operators": operator_scores(single),
        "benign": benign_scores(single),
        "calibration": calibration(single),
        "campaigns": campaign_scores(posted),
        "co_sharing": co_sharing_scores(sitting.posts),
    }


def short_names(figures: dict[str, Any]) -> dict[str, Any]:
    """Figures under short names: ``recall.hate``, ``attack_success.leet`` (the worst strength), ``….leet.0.5``."""
    told: dict[str, Any] = {
        name: {policy: _value(scores[name]) for policy, scores in figures["policies"].items()}
        for name in _BY_POLICY
    }
    success: dict[str, Any] = {}
    for name, scores in figures["operators"].items():
        by_strength = {strength: one["value"] for strength, one in scores["attack_success"].items()}
        known = [value for value in by_strength.values() if value is not None]
        success[name] = max(known, default=None)
        success |= {f"{name}.{strength}": value for strength, value in by_strength.items()}
    return told | {"attack_success": success, "benign_fpr": figures["benign"]["fpr"]["value"]}


def known_figures(policies: Sequence[str]) -> list[str]:
    """Names that gates may use; ``*`` stands for any words."""
    operators = sorted(OPERATORS.classes())
    return [
        *LOAD_FIGURES,
        *(f"{name}.{policy}" for name in _BY_POLICY for policy in policies),
        *(f"attack_success.{name}" for name in operators),
        *(f"attack_success.{name}.{strength:g}" for name in operators for strength in STRENGTHS),
        *("benign_fpr", "benign.dialect_gap", "calibration.ece_clean", "calibration.ece_disguised"),
        *("judged", "late_answers", f"errors.{MALFORMED}", "race.half_life"),
        *("policies.*", "operators.*", "benign.*", "campaigns.*"),
    ]


def _value(score: Any) -> Any:
    return score["value"] if isinstance(score, dict) else score
