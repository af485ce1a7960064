"""The screen of a demonstration: a live table while it runs, and one that proves what happened at its end."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.live import Live
from rich.table import Table

from streams.demo.conduct import Demonstration

__all__ = ["live", "proof", "shortcomings"]


@contextmanager
def live(console: Console) -> Iterator[Callable[[Demonstration], None]]:
    """A table that follows the demonstration, on standard error; the page's address stays above it."""
    told = ""
    with Live(console=console, refresh_per_second=4, transient=True) as screen:

        def show(demonstration: Demonstration) -> None:
            nonlocal told
            if demonstration.page != told:
                told = demonstration.page
                console.print(f"live page: {told}", highlight=False)
            screen.update(_progress(demonstration))

        yield show


def _progress(demonstration: Demonstration) -> Table:
    run, watch = demonstration.simulator.metrics(), demonstration.monitor.metrics()
    published = run.get("greenroom_events_published_total", demonstration.at.get("published", 0.0))
    demonstration.at["published"] = published
    clock = run.get("greenroom_simulated_time_seconds", demonstration.at.get("clock", 0.0))
    demonstration.at["clock"] = clock
    begun = demonstration.scenario.start_ms / 1000
    part = min(1.0, max(0.0, (clock - begun) / (demonstration.plan.span_ms / 1000)))
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_row("phase", f"[bold]{demonstration.phase}[/] {time.monotonic() - demonstration.began:.0f} s")
    table.add_row(
        "simulated", f"{datetime.fromtimestamp(max(clock, begun), UTC):%a %H:%M}  {_bar(part)} {part:.0%}"
    )
    table.add_row("published", f"{published:,.0f}")
    table.add_row("audited", f"{watch.get('greenroom_events_audited_total', 0):,.0f}")
    table.add_row("enriched", f"{demonstration.harvest.enriched:,}")
    assets = demonstration.harvest.assets
    table.add_row(
        "assets", ", ".join(f"{count} {medium}" for medium, count in sorted(assets.items())) or "none yet"
    )
    return table


def _bar(part: float) -> str:
    full = round(part * 24)
    return "█" * full + "░" * (24 - full)


def proof(result: dict[str, Any]) -> Table:
    """The table at the end: what was published, what arrived, what was made and what was noticed."""
    table = Table(
        title=f"{result['scenario']}, seed {result['seed']}",
        show_header=False,
        box=SIMPLE,
        title_justify="left",
    )
    for name in ("published", "acknowledged", "audited", "lost", "duplicated", "reordered", "late"):
        table.add_row(name, f"{result[name]:,}", _mark(result, name))
    for mess, counts in result["planted"].items():
        text = f"{counts['planted']:,} planted, {counts['found']:,} found"
        traceless = f", {counts['traceless']:,} left no trace" if counts["traceless"] else ""
        held = f", {counts['held']:,} still held" if counts["held"] else ""
        table.add_row(mess, text + traceless + held, "✓" if result["proven"] else "✗")
    assets = ", ".join(f"{count} {medium}" for medium, count in result["assets"].items())
    table.add_row("enriched records", f"{result['enriched']:,}", "")
    table.add_row("assets", assets or ("none" if result["media_rules"] else "no rules for media"), "")
    table.add_row("dead letters", f"{result['dead_letters']}", "✗" if _unwanted_letters(result) else "✓")
    for shift in result["drift"]:
        after = shift["detected_after_s"]
        text = f"detected after {after / 60:,.0f} min simulated" if after is not None else "not detected"
        if not shift["features"]:
            text = "planted; no feature is said to show it"
        table.add_row(f"shift {shift['shift']}", text, "✗" if _missed(shift) else "✓")
    table.add_row("false alarms", f"{result['false_alarms']}", "")
    table.add_row("events/s", f"{result['events_per_s']:,.0f}", "")
    first = result["first_asset_s"]
    table.add_row("first asset", "none" if first is None else f"{first:.1f} s after the start", "")
    table.add_row("elapsed", f"{result['elapsed_s']:.1f} s", "")
    table.add_row("broker", result["broker"], "")
    return table


def _mark(result: dict[str, Any], name: str) -> str:
    if result["planted"]:
        return "✗" if result["beyond"].get(name) else "✓" if name in result["beyond"] else ""
    if name in ("acknowledged", "audited"):
        return "✓" if result[name] == result["published"] else "✗"
    if name in ("lost", "duplicated", "reordered", "late"):
        return "✓" if result[name] == 0 else "✗"
    return ""


def shortcomings(result: dict[str, Any]) -> list[str]:
    """What the demonstration should have shown and did not; empty if it proves what it promises."""
    found = []
    if result["planted"]:
        if not result["proven"]:
            beyond = [f"{name}: {count}" for name, count in result["beyond"].items() if count]
            found += ["the delivery is not proven, beside the mess that was planted", *beyond]
    else:
        if not result["published"] == result["acknowledged"] == result["audited"]:
            found.append("published, acknowledged and audited differ")
        found += [f"{name}: {result[name]}" for name in ("lost", "duplicated", "reordered") if result[name]]
    if result["interrupted"]:
        return found
    found += [f"shift {shift['shift']} was not detected" for shift in result["drift"] if _missed(shift)]
    if _unwanted_letters(result):
        found.append(f"dead letters: {result['dead_letters']}")
    if result["media_rules"] and not result["assets"]:
        found.append("no asset was made")
    return found


def _unwanted_letters(result: dict[str, Any]) -> bool:
    """Whether there are dead letters though no record was spoilt: those that are belong there."""
    spoilt = {"malformed", "schema_violating"} & set(result["planted"])
    return bool(result["dead_letters"]) and not spoilt


def _missed(shift: dict[str, Any]) -> bool:
    return shift.get("planned", True) and bool(shift["features"]) and shift["detected_after_s"] is None
