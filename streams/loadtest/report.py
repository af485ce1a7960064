"""The part of a report that every load test has: rates, latency, backlog, errors and the service level."""

from collections.abc import Mapping, Sequence
from typing import Any

from streams.loadtest.timeline import Second
from streams.report import charts
from streams.report.page import Card, Chart, Section, Table

__all__ = ["load_cards", "load_sections", "told_ms", "told_share", "verdict"]

_KEPT_UP = 0.99


def told_ms(value: float | None) -> str:
    """Milliseconds as they are read: 4.2 ms, 1.3 s, or a dash."""
    if value is None:
        return "–"
    if value >= 1000:
        return f"{value / 1000:,.1f} s"
    return f"{value:.1f} ms" if value < 10 else f"{value:.0f} ms"


def told_share(value: float | None) -> str:
    """A share as it is read: 4.2 %, or a dash."""
    return "–" if value is None else f"{value * 100:.3g} %"


def verdict(figures: Mapping[str, Any], broken: Sequence[str]) -> str:
    """What a reader in a hurry needs: whether the target held the rate, and which gates it broke."""
    share = figures["achieved_rate"] / figures["offered_rate"] if figures["offered_rate"] else 0.0
    held = "held the offered rate" if share >= _KEPT_UP else f"answered {share:.1%} of the offered rate well"
    told = f"The target {held}; half of all answers took {told_ms(figures['latency_ms']['p50'])} or less, "
    told += f"one in a hundred {told_ms(figures['latency_ms']['p99'])} or more."
    if broken:
        told += f" Failed: {'; '.join(broken)}."
    return told


def load_cards(figures: Mapping[str, Any]) -> list[Card]:
    """Headline figures of the load."""
    errors, level = sum(figures["errors"].values()), figures.get("sustainable")
    cards = [
        Card("Offered", f"{figures['offered_rate']:,.0f}/s", f"{figures['requests']:,} requests"),
        Card("Achieved", f"{figures['achieved_rate']:,.0f}/s", "answered rightly and in time"),
        Card("Latency p50", told_ms(figures["latency_ms"]["p50"])),
        Card("Latency p99", told_ms(figures["latency_ms"]["p99"]), "from the intended time"),
        Card(
            "Errors",
            f"{figures['error_share']:.2%}",
            f"{errors:,} of {figures['requests']:,}",
            "bad" if errors else "good",
        ),
    ]
    if level:
        rate = level["rate"]
        cards.append(
            Card(
                "Sustainable",
                "none" if rate is None else f"{rate:,.0f}/s",
                level["slo"],
                "bad" if rate is None else "good",
            )
        )
    return cards


def load_sections(figures: Mapping[str, Any], seconds: Sequence[Second]) -> list[Section]:
    """Charts and tables of the load."""
    sections = [_latency(figures, seconds), _rates(figures, seconds)]
    if "sustainable" in figures:
        sections.append(_level(figures["sustainable"]))
    return [*sections, _errors(figures), _generator(figures)]


def _latency(figures: Mapping[str, Any], seconds: Sequence[Second]) -> Section:
    at = [second.at for second in seconds]
    drawing = charts.lines(
        {"p50": (at, [s.p50 for s in seconds]), "p99": (at, [s.p99 for s in seconds])},
        x="second of the test at which requests were meant",
        y="latency, ms",
        log=True,
    )
    names = ("p50", "p95", "p99", "p99.9", "max")
    rows = [
        [told, *(told_ms(figures[name][p]) for p in names)]
        for told, name in (
            ("Latency, from the intended time", "latency_ms"),
            ("Service time, from the real sending", "service_ms"),
        )
    ]
    text = (
        "Every request has a time at which it was meant to be sent, fixed before the test. Latency counts from "
        "then, so that a stall counts for all whom it kept waiting; time-outs count at their deadline. Service time is "
        "what a client sees that only starts its clock when it gets to send."
    )
    return Section("Latency", text, [Chart(drawing), Table(["", *names], rows)])


def _rates(figures: Mapping[str, Any], seconds: Sequence[Second]) -> Section:
    # The last second may hold only a part of one.
    whole = [second for second in seconds if second.at < int(figures["seconds"])] or list(seconds)
    at = [second.at for second in whole]
    rates = charts.lines(
        {
            "offered": (at, [s.offered for s in whole]),
            "answered": (at, [s.answered for s in whole]),
            "failed": (at, [s.failed for s in whole]),
        },
        x="second of the test",
        y="requests/s",
    )
    backlog = charts.lines(
        {"backlog": (at, [s.backlog for s in whole])}, x="second of the test", y="requests outstanding"
    )
    law = figures["littles_law"]
    caption = f"At most {figures['backlog']['max']:,} requests were outstanding."
    if law["ratio"] is not None:
        caption += f" On average {law['outstanding']:,.1f}; "
        caption += f"rate times mean latency says {law['rate_times_latency']:,.1f}."
    return Section(
        "Offered and achieved",
        "A target that keeps up answers as many requests as are sent, and its backlog stays level.",
        [Chart(rates), Chart(backlog, caption)],
    )


def _level(level: Mapping[str, Any]) -> Section:
    rows = [
        [
            f"{step['rate']:,.0f}/s",
            told_ms(step["p50"]),
            told_ms(step["p99"]),
            f"{step['errors']:.2%}",
            f"{step['backlog_slope']:+,.1f}/s",
            "yes" if step["holds"] else "no",
        ]
        for step in level["steps"]
    ]
    header = ["Rate", "p50", "p99", "Errors", "Backlog grows by", "Holds"]
    text = (
        f"The service level {level['slo']} must hold at a rate, and the backlog must not grow by more than a hundredth "
        "of it."
    )
    return Section("Highest sustainable rate", text, [Table(header, rows)])


def _errors(figures: Mapping[str, Any]) -> Section:
    found = sorted(figures["errors"].items(), key=lambda pair: -pair[1])
    if not found:
        return Section("Errors", "None.")
    rows = [[kind, f"{count:,}", f"{count / figures['requests']:.2%}"] for kind, count in found]
    asked = figures["retry_after"]
    text = "Nothing was sent a second time."
    if asked["count"]:
        text += (
            f" {asked['count']:,} answers asked for a later retry (at most {asked['max_s']:g} s); that is told here, "
            "and the schedule stayed as it was."
        )
    return Section("Errors", text, [Table(["Kind", "Requests", "Share"], rows)])


def _generator(figures: Mapping[str, Any]) -> Section:
    names = ("p50", "p95", "p99", "p99.9", "max")
    text = (
        "How much later than meant the generator itself sent. If this is not far below the latencies above, the "
        "machine that generates the load is too busy to measure them."
    )
    rows = [["Lateness of the generator", *(told_ms(figures["lateness_ms"][name]) for name in names)]]
    return Section("Was the measurement sound?", text, [Table(["", *names], rows)])
