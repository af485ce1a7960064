"""The report on a recommender: its load, and what the audience did with its slates."""

from collections.abc import Mapping, Sequence
from typing import Any

from streams.loadtest.report import load_cards, load_sections, told_share, verdict
from streams.loadtest.timeline import Second
from streams.report import charts
from streams.report.page import Card, Chart, Report, Section, Table

__all__ = ["report"]

_TITLES = {
    "region": "Region",
    "device": "Device",
    "age_band": "Age",
    "language": "Language",
    "accessibility": "Accessibility",
    "consent": "Consent",
    "group": "Group",
}


def report(figures: Mapping[str, Any], seconds: Sequence[Second], broken: Sequence[str]) -> Report:
    """The page of one trial, from the JSON report and the timeline."""
    outcomes = figures["outcomes"]
    return Report(
        title="Recommender load test",
        subtitle=(
            f"{figures['target']}, scenario {figures['scenario']}: {figures['seconds']:,.0f} s, in which "
            f"{_span(figures['simulated_s'])} of the audience's time passed"
        ),
        verdict=verdict(figures, broken),
        mood="bad" if broken else "good",
        cards=[*load_cards(figures), *_cards(figures, outcomes)],
        sections=[
            *load_sections(figures, seconds),
            _fallbacks(figures),
            _groups(outcomes),
            _cold_start(outcomes),
            _spread(outcomes),
        ],
    )


def _cards(figures: Mapping[str, Any], outcomes: Mapping[str, Any]) -> list[Card]:
    back = outcomes["retention"]
    return [
        Card(
            "Slates shown",
            f"{outcomes['slates']:,}",
            f"and {outcomes['fallback']['slates']:,} of the fallback",
        ),
        Card("Click-through", told_share(outcomes["ctr"]), "picks an item shown"),
        Card("Watched", _seconds(outcomes["watch_seconds"]), "a slate"),
        Card("Coverage", told_share(outcomes["coverage"]), "of the catalogue shown"),
        Card(
            "Came back",
            told_share(back["value"]),
            f"within {_span(back['within_simulated_s'])} of their time",
        ),
    ]


def _span(seconds: float) -> str:
    if seconds < 3600:
        return f"{seconds / 60:,.1f} minutes"
    return f"{seconds / 3600:,.1f} hours"


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f} s"


def _fallbacks(figures: Mapping[str, Any]) -> Section:
    rows = [
        [name, f"{row['slates']:,}", told_share(row["ctr"]), _seconds(row["watch_seconds"])]
        for name, row in (
            ("the target's", figures["outcomes"]),
            ("the fallback's", figures["outcomes"]["fallback"]),
        )
    ]
    text = (
        "A slate that is late, wrong or missing is replaced by the built-in policy, as a careful client would do. What "
        "follows below is about the target's own slates."
    )
    return Section("Slates and fallbacks", text, [Table(["Slates", "Shown", "CTR", "Watched a slate"], rows)])


def _dots(cells: Mapping[str, Any]) -> dict[str, tuple[float, float, float]]:
    return {name: (row["ctr"], row["low"], row["high"]) for name, row in cells.items()}


def _groups(outcomes: Mapping[str, Any]) -> Section:
    groups = {name: cells for name, cells in outcomes["by_group"].items() if cells}
    if not groups:
        return Section("Groups of viewers", "No slate of the target was shown.")
    panels = {
        _TITLES[name]: _dots(cells)
        for name, cells in groups.items()
        if name in ("region", "device", "age_band")
    }
    rows = [
        [
            f"{_TITLES[dimension]}: {name}",
            f"{row['slates']:,}",
            _interval(row),
            _seconds(row["watch_seconds"]),
        ]
        for dimension, cells in groups.items()
        for name, row in cells.items()
    ]
    return Section(
        "Groups of viewers",
        "Who is served well, and who is not. A line is the 95 % interval: where two of them are far apart, the groups "
        "differ.",
        [
            Chart(charts.shares(panels, x="click-through")),
            *_named(groups),
            Table(["Group", "Slates", "CTR (95 % interval)", "Watched a slate"], rows),
        ],
    )


def _named(groups: Mapping[str, Any]) -> list[Chart]:
    if "group" not in groups:
        return []
    drawing = charts.shares({"Groups that the scenario names": _dots(groups["group"])}, x="click-through")
    return [Chart(drawing)]


def _interval(row: Mapping[str, Any]) -> str:
    return f"{told_share(row['ctr'])} ({told_share(row['low'])} to {told_share(row['high'])})"


def _cold_start(outcomes: Mapping[str, Any]) -> Section:
    cold = outcomes["cold_start"]
    if not cold["item_age"]:
        return Section("Cold start", "No slate of the target was shown.")
    panels = {"Age of the item": _dots(cold["item_age"]), "Visit of the viewer": _dots(cold["viewer_visit"])}
    shown = sum(row["impressions"] for row in cold["item_age"].values())
    rows = [
        [name, f"{row['impressions']:,}", told_share(row["impressions"] / shown), _interval(row)]
        for name, row in cold["item_age"].items()
    ]
    return Section(
        "Cold start",
        "How much attention new items get, and how well new items and new viewers are served.",
        [
            Chart(charts.shares(panels, x="click-through")),
            Table(["Age of the item", "Shown", "Share of all", "CTR (95 % interval)"], rows),
        ],
    )


def _spread(outcomes: Mapping[str, Any]) -> Section:
    history = outcomes["popularity_feedback"]
    hours = [point["simulated_s"] / 3600 for point in history]
    lines = {"gini of each span": "gini", "coverage so far": "coverage"}
    drawing = charts.lines(
        {label: (hours, [point[name] for point in history]) for label, name in lines.items()},
        x="simulated hours",
        y="share",
    )
    diversity = outcomes["diversity"]
    caption = (
        "Gini 0: every item is shown equally often; towards 1: few items take all. Each point is about what was shown "
        "since the one before."
    )
    if diversity is not None:
        caption += f" Of two items on a slate, {diversity:.0%} differ in genre."
    return Section(
        "Spread of attention",
        "A recommender that learns from what it showed can feed on itself: inequality then grows with time.",
        [Chart(drawing, caption)],
    )
