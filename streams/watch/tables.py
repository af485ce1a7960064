"""Tables for people: the audit's verdict and the drift readings, while they come and at the end."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.box import SIMPLE
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

from streams.watch.audit import DeliveryAudit
from streams.watch.drift.reading import Reading
from streams.watch.monitor import Monitor, MonitorReport
from streams.watch.verdict import Counts, Verdict

__all__ = ["audit_table", "live_audit", "live_monitor", "print_audit", "print_report"]

_EVERY_S = 0.5
_WIDE = 120
_COLUMNS = ("published", "audited", "lost", "pending", "duplicated", "reordered", "late", "corrupted")


def audit_table(verdict: Verdict) -> Table:
    """The verdict, a row for each topic and one for all."""
    table = Table(title="Delivery audit", box=SIMPLE, padding=(0, 1))
    table.add_column("topic")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for topic, counts in verdict.topics.items():
        table.add_row(topic, *_cells(counts))
    table.add_section()
    table.add_row("total", *_cells(verdict.total))
    return table


def planted_table(verdict: Verdict) -> Table:
    """What was planted, by kind of mess, and what the audit saw of it."""
    table = Table(title="Planted mess", box=SIMPLE, padding=(0, 1))
    table.add_column("mess")
    for name in ("planted", "found", "left no trace", "still held"):
        table.add_column(name, justify="right")
    for mess, planted in sorted(verdict.planted.items()):
        table.add_row(mess, *(f"{count:,}" for count in planted.as_json().values()))
    return table


def _cells(counts: Counts) -> list[str]:
    return [f"{counts.as_json()[name]:,}" for name in _COLUMNS]


def _drift_table(monitor: Monitor) -> Table:
    table = Table(title="Drift: last window against the reference", box=SIMPLE)
    for name in ("feature", "n", "psi", "js", "ks", "w1", "verdict"):
        table.add_column(name, justify="left" if name in ("feature", "verdict") else "right")
    for reading in monitor.board.latest.values():
        measured = [
            f"{reading.measures[name]:.3f}" if name in reading.measures else ""
            for name in ("psi", "js", "ks", "w1")
        ]
        table.add_row(reading.feature, f"{reading.n:,}", *measured, _verdict(reading))
    return table


def _verdict(reading: Reading) -> str:
    fired = [name for name in reading.verdicts if reading.fired(name)]
    return f"changed ({', '.join(fired)})" if fired else "steady"


def _console() -> Console:
    """Stdout; a file or a pipe has no width, and gets tables that are not cut."""
    console = Console()
    return console if console.is_terminal else Console(width=_WIDE)


def print_audit(verdict: Verdict) -> None:
    """Print the verdict, what is missing and why it is in doubt, on stdout."""
    console = _console()
    console.print(audit_table(verdict))
    if verdict.planted:
        console.print(planted_table(verdict))
    for line in (*map(str, verdict.losses[:10]), *verdict.doubts[:10], *verdict.notes[:10]):
        console.print(line, markup=False)
    console.print(_summed_up(verdict))


def _summed_up(verdict: Verdict) -> str:
    if not verdict.proven:
        return "not proven"
    beyond = ", but for the mess that was planted" if verdict.planted else ""
    return f"proven: everything published arrived, once and in order{beyond}"


def print_report(report: MonitorReport) -> None:
    """Print what a monitor has seen, on stdout."""
    print_audit(report.audit)
    console = _console()
    for shift in report.drift:
        after = shift["detected_after_s"]
        found = (
            f"found by {shift['feature']} after {after / 60:.0f} simulated minutes"
            if after is not None
            else "not found"
        )
        console.print(f"planted shift {shift['shift']}: {found}", markup=False)
    console.print(
        f"{report.readings} drift readings, {report.false_alarms} false alarms; {report.records:,} records"
    )


@contextmanager
def live_audit(*, enabled: bool) -> Iterator[Callable[[DeliveryAudit], None]]:
    """A function that renews a live table on stderr, twice a second at most."""
    with _live(enabled=enabled) as show:
        yield lambda audit: show(lambda: _audit_so_far(audit.verdict(settled=False)))


def _audit_so_far(verdict: Verdict) -> Group:
    tables = [audit_table(verdict), planted_table(verdict)]
    return Group(*tables if verdict.planted else tables[:1])


@contextmanager
def live_monitor(*, enabled: bool) -> Iterator[Callable[[Monitor], None]]:
    """A function that renews live tables of audit and drift on stderr."""
    with _live(enabled=enabled) as show:
        yield lambda monitor: show(
            lambda: Group(audit_table(monitor.audit.verdict(settled=False)), _drift_table(monitor))
        )


@contextmanager
def _live(*, enabled: bool) -> Iterator[Callable[[Callable[[], Table | Group]], None]]:
    console = Console(stderr=True)
    if not (enabled and console.is_terminal):
        yield lambda make: None
        return
    shown = 0.0
    with Live(console=console, transient=True, auto_refresh=False) as live:

        def show(make: Callable[[], Table | Group]) -> None:
            nonlocal shown
            if time.monotonic() - shown >= _EVERY_S:
                shown = time.monotonic()
                live.update(make(), refresh=True)

        yield show
