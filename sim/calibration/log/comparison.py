"""Comparison: a made log against a held-out real one, beside the real log it was fitted to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.calibration.log.log import Log
from sim.calibration.log.marginals import marginal_distances
from sim.calibration.log.privacy import privacy
from sim.calibration.log.ranking import Holdout, agreement, ndcg_of_recommenders
from sim.calibration.log.structure import structure_distances
from sim.calibration.log.two_sample import two_sample
from sim.calibration.log.utility import next_item_task, return_task, transferred
from sim.seeds import rng_for

__all__ = ["Comparison", "compared"]

_FEWEST_ITEMS = 10


@dataclass(frozen=True)
class Comparison:
    """Figures of the made log, and in ``real`` the same figures of a real log in its place."""

    made: Mapping[str, Any]
    real: Mapping[str, Any]
    recommenders: Mapping[str, Mapping[str, float]]
    utility: Mapping[str, Mapping[str, float]]
    privacy: Mapping[str, float]

    @property
    def kendall_tau(self) -> float:
        """Agreement of the rankings of recommenders by the made and the held-out log; NaN without items."""
        return (
            agreement(self.recommenders["held_out"], self.recommenders["made"])
            if self.recommenders
            else np.nan
        )

    @property
    def kendall_tau_real(self) -> float:
        """The same of the two real logs."""
        return (
            agreement(self.recommenders["held_out"], self.recommenders["real"])
            if self.recommenders
            else np.nan
        )

    @property
    def tstr_over_trtr(self) -> float:
        """Test on real after training on made data, over training on real data: the lowest ratio of all tasks."""
        ratios = [task["tstr"] / task["trtr"] for task in self.utility.values()]
        return float(np.nanmin(ratios)) if np.isfinite(ratios).any() else float("nan")

    def as_json(self) -> dict[str, Any]:
        """The figures, the principal ones first."""
        return {
            "c2st_auc": self.made["c2st_auc"],
            "c2st_auc_real": self.real["c2st_auc"],
            "c2st_auc_users": self.made["c2st_auc_users"],
            "c2st_auc_users_real": self.real["c2st_auc_users"],
            "tstr_over_trtr": self.tstr_over_trtr,
            "kendall_tau": self.kendall_tau,
            "kendall_tau_real": self.kendall_tau_real,
            "utility": self.utility,
            "recommenders": self.recommenders,
            "privacy": self.privacy,
            "made": self.made,
            "real": self.real,
        }


def compared(fitted_to: Log, held_out: Log, made: Log, *, seed: int = 0) -> Comparison:
    """All figures; the held-out log is the reference of both, so that nothing is judged by what it was fitted to."""
    of_made, of_real = (_figures(held_out, log, seed) for log in (made, fitted_to))
    recommenders: dict[str, Mapping[str, float]] = {}
    tasks = {"return": return_task}
    if held_out.items >= _FEWEST_ITEMS:
        logs = {"held_out": held_out, "real": fitted_to, "made": made}
        recommenders = {name: ndcg_of_recommenders(Holdout.of(log)) for name, log in logs.items()}
        tasks["next_item"] = next_item_task
    utility = {}
    for name, task in tasks.items():
        test = task(held_out)
        utility[name] = {"tstr": transferred(task(made), test), "trtr": transferred(task(fitted_to), test)}
    return Comparison(of_made, of_real, recommenders, utility, privacy(fitted_to, held_out, made))


def _figures(reference: Log, log: Log, seed: int) -> Mapping[str, Any]:
    rows = two_sample(reference, log, rng=rng_for(seed, "rows"))
    users = two_sample(reference, log, rng=rng_for(seed, "users"), users=True)
    return {
        "c2st_auc": rows.auc,
        "c2st_by_feature": rows.by_feature,
        "c2st_auc_users": users.auc,
        "c2st_users_by_feature": users.by_feature,
        "marginals": marginal_distances(reference, log),
        "structure": structure_distances(reference, log),
    }
