"""The report of a calibration to a log: three tiers of figures, each beside a real log in the made one's place."""

from collections.abc import Mapping
from math import isfinite

import numpy as np

from sim.calibration.log.comparison import Comparison
from sim.calibration.log.marginals import marginals
from streams.calibrate.logs import LogOutcome
from streams.report import charts
from streams.report.page import Card, Chart, Report, Section, Table

__all__ = ["log_report"]

_LOGGED = frozenset({"activity", "popularity", "depth", "sessions"})


def log_report(outcome: LogOutcome) -> Report:
    """The page."""
    found, real = outcome.comparison.made, outcome.comparison.real
    return Report(
        f"Calibration of {outcome.name} to a log",
        f"Fitted to {outcome.fitted_to.users:,} users, judged by {outcome.held_out.users:,} others.",
        "What the simulator makes, against real users that it was not fitted to; beside it the real users that it was.",
        cards=[
            Card(
                "two-sample AUC", f"{found['c2st_auc']:.3f}", f"real {real['c2st_auc']:.3f}; 0.5 cannot tell"
            ),
            Card("TSTR / TRTR", _figure(outcome.comparison.tstr_over_trtr), "lowest of all tasks"),
            Card(
                "Kendall τ",
                _figure(outcome.comparison.kendall_tau),
                f"real {_figure(outcome.comparison.kendall_tau_real)}",
            ),
            Card(
                "nearer to fitted",
                f"{outcome.comparison.privacy['nearer_to_fitted']:.3f}",
                "0.5 remembers nobody",
            ),
        ],
        sections=[
            Section("Marginals", "", [Chart(_curves(outcome)), _marginals(outcome.comparison)]),
            Section("Structure", "", [_structure(outcome.comparison), _telling(outcome.comparison)]),
            Section("Utility", "", [_tasks(outcome.comparison), *_recommenders(outcome.comparison)]),
            Section("Privacy", "", [_rows("figure", outcome.comparison.privacy)]),
            Section(
                "Parameters found",
                "",
                [_rows("parameter", {**outcome.fit.playing.timing, **outcome.fit.parameters})],
            ),
        ],
    )


def _figure(value: float) -> str:
    return f"{value:.3f}" if isfinite(value) else "–"


def _rows(name: str, values: Mapping[str, float]) -> Table:
    return Table((name, "value"), [(key, f"{value:.4g}") for key, value in values.items()])


def _curves(outcome: LogOutcome) -> str:
    samples = {"held out": marginals(outcome.held_out), "made": marginals(outcome.made)}
    names = list(samples["held out"])[:6]
    with charts.canvas(height=2.4, columns=len(names)) as (figure, places):
        for axes, name in zip(places, names, strict=True):
            for number, (whose, of) in enumerate(samples.items()):
                values = np.sort(of[name].astype(float))
                axes.step(
                    values,
                    np.arange(1, len(values) + 1) / len(values),
                    color=charts.tinted(number),
                    label=whose,
                )
            axes.set_title(name, fontsize=10)
            if name in _LOGGED:
                axes.set_xscale("log")
        places[0].legend(fontsize=8)
        return charts.drawn(figure)


def _marginals(comparison: Comparison) -> Table:
    made, real = comparison.made["marginals"], comparison.real["marginals"]
    rows = [
        (f"{name} {measure.upper()}", _figure(value), _figure(real[name][measure]))
        for name, measures in made.items()
        for measure, value in measures.items()
    ]
    return Table(("distance", "made", "real"), rows)


def _structure(comparison: Comparison) -> Table:
    made, real = comparison.made["structure"], comparison.real["structure"]
    whole = {name: (comparison.made[name], comparison.real[name]) for name in ("c2st_auc", "c2st_auc_users")}
    rows = [(name, _figure(a), _figure(b)) for name, (a, b) in whole.items()]
    return Table(("figure", "made", "real"), rows + [(n, _figure(made[n]), _figure(real[n])) for n in made])


def _telling(comparison: Comparison) -> Table:
    made, real = comparison.made["c2st_by_feature"], comparison.real["c2st_by_feature"]
    rows = [(name, _figure(made[name]), _figure(real[name])) for name in sorted(made, key=lambda n: -made[n])]
    return Table(("feature", "made", "real"), rows, "What tells rows apart: the AUC of each feature alone.")


def _tasks(comparison: Comparison) -> Table:
    rows = [
        (name, _figure(task["tstr"]), _figure(task["trtr"]), _figure(task["tstr"] / task["trtr"]))
        for name, task in comparison.utility.items()
    ]
    return Table(("task", "trained on made", "trained on real", "ratio"), rows, "AUC on held-out users.")


def _recommenders(comparison: Comparison) -> list[Table]:
    logs = comparison.recommenders
    if not logs:
        return []
    rows = [
        (name, *(_figure(logs[log][name]) for log in ("held_out", "real", "made")))
        for name in logs["held_out"]
    ]
    return [Table(("recommender", "held out", "real", "made"), rows, "NDCG at 20 for new items.")]
