"""The report of a calibration to statistics: each target, what was simulated, and whether it is near enough."""

from sim.calibration.target import Verdict
from streams.calibrate.statistics import ENOUGH, Outcome
from streams.report import charts
from streams.report.page import Card, Chart, Report, Section, Table

__all__ = ["statistics_report"]


def statistics_report(outcome: Outcome, about: str) -> Report:
    """The page."""
    total = len(outcome.verdicts)
    return Report(
        f"Calibration of {outcome.profile}",
        about,
        f"{outcome.passed} of {total} targets hold; {ENOUGH:.0%} are asked for.",
        "good" if outcome.enough else "bad",
        cards=[
            Card("targets held", f"{outcome.passed} of {total}", mood="good" if outcome.enough else "bad"),
            Card("simulations", f"{outcome.simulations}"),
        ],
        sections=[
            Section(
                "Distance from each target",
                "In tolerances: what lies between -1 and 1 holds.",
                [Chart(_distances(outcome.verdicts))],
            ),
            Section("Targets", "", [_table(outcome.verdicts)]),
            *_changes(outcome),
        ],
    )


def _distances(verdicts: list[Verdict]) -> str:
    near = [max(-3.0, min(3.0, verdict.distance)) for verdict in verdicts]
    with charts.canvas(height=0.9 + 0.24 * len(verdicts)) as (figure, (axes,)):
        axes.axvspan(-1, 1, color=charts.tinted(0), alpha=0.12, linewidth=0)
        for place, (verdict, distance) in enumerate(zip(verdicts, near, strict=True)):
            axes.plot([0, distance], [place, place], color=charts.tinted(0 if verdict.passed else 1))
            axes.plot([distance], [place], "o", color=charts.tinted(0 if verdict.passed else 1), markersize=5)
        axes.set_yticks(range(len(verdicts)), [verdict.name for verdict in verdicts])
        axes.set_ylim(len(verdicts) - 0.4, -0.6)
        axes.set_xlim(-3.2, 3.2)
        return charts.drawn(figure)


def _table(verdicts: list[Verdict]) -> Table:
    return Table(
        ("target", "published", "simulated", "tolerance", "holds", "source", "why not"),
        [
            (
                verdict.name,
                f"{verdict.target:,.4g}",
                f"{verdict.simulated:,.4g}",
                f"{verdict.tolerance:,.3g}",
                "yes" if verdict.passed else "no",
                verdict.source,
                "" if verdict.passed else verdict.reason,
            )
            for verdict in verdicts
        ],
    )


def _changes(outcome: Outcome) -> list[Section]:
    if not outcome.changes:
        return []
    rows = [(path, f"{value:g}") for path, value in outcome.changes.items()]
    return [Section("Parameters found", "", [Table(("parameter", "value"), rows)])]
