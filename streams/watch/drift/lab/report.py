"""Reports of the drift bench: tables for a terminal and for a page of documentation."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE
from rich.table import Table

from streams.watch.drift.lab.bench import Outcome
from streams.watch.drift.lab.plan import PLANS
from streams.watch.drift.lab.world import WATCH

__all__ = ["BEGIN", "END", "inserted", "markdown", "table"]

BEGIN, END = "<!-- drift bench: begin -->", "<!-- drift bench: end -->"


def table(outcomes: Sequence[Outcome]) -> Table:
    """A row for each detector, shift and size."""
    made = Table(title="Drift bench", box=SIMPLE)
    for name in ("shift", "size", "detector"):
        made.add_column(name)
    for name in ("found", "delay, windows", "delay, min", "false alarms/day", "ns/event"):
        made.add_column(name, justify="right")
    for outcome in outcomes:
        told = outcome.as_json()
        found = f"{told['detected']}/{told['seeds']}" if told["applies"] else "n/a"
        delay = told["delay_windows"]
        made.add_row(
            outcome.plan.shift,
            f"{outcome.size:g}",
            outcome.detector,
            found,
            "" if delay is None else f"{delay:g}",
            "" if delay is None else f"{told['delay_s'] / 60:.0f}",
            f"{outcome.quiet.per_day:.2f}",
            f"{outcome.quiet.ns_per_event:,.0f}",
        )
    return made


def markdown(outcomes: Sequence[Outcome]) -> str:
    """Tables of the outcomes, one a size, for documentation."""
    seeds = max(len(outcome.delays or ()) for outcome in outcomes)
    parts = [_costs(outcomes)]
    for size in dict.fromkeys(outcome.size for outcome in outcomes):
        parts += [f"### Size {size:g}", _delays([each for each in outcomes if each.size == size])]
    meanings = [
        f"- `{plan.shift}` (feature `{plan.feature}`): {plan.meaning}."
        for plan in PLANS
        if any(outcome.plan is plan for outcome in outcomes)
    ]
    window = WATCH.window // 60_000
    intro = (
        f"Windows of {window} minutes; {seeds} seed{'s' if seeds > 1 else ''}. A number is the median delay in "
        "windows, from the onset to the end of the window that fired; in brackets in how many seeds it was found, if "
        "not in all; ✗ in none within sixteen windows; – where the detector does not take such a feature."
    )
    return "\n\n".join([intro, *parts, "### What a size of 1 is", "\n".join(meanings)]) + "\n"


def inserted(page: str, tables: str) -> str:
    """A page with its part between the marks renewed; ValueError if it has no marks."""
    if BEGIN not in page or END not in page:
        raise ValueError(
            f"the page has no lines {BEGIN!r} and {END!r}; add them where the tables shall stand"
        )
    head, rest = page.split(BEGIN, 1)
    return f"{head}{BEGIN}\n\n{tables}\n{END}{rest.split(END, 1)[1]}"


def _costs(outcomes: Sequence[Outcome]) -> str:
    quiet = {outcome.detector: outcome.quiet for outcome in outcomes}
    rows = [
        [f"`{name}`", f"{each.per_day:.2f}", f"{each.days:.1f}", f"{each.ns_per_event:,.0f}"]
        for name, each in quiet.items()
    ]
    return _rows(["detector", "false alarms per day", "quiet days", "CPU ns per event"], rows)


def _delays(outcomes: Sequence[Outcome]) -> str:
    shifts = list(dict.fromkeys(outcome.plan.shift for outcome in outcomes))
    found = {(outcome.detector, outcome.plan.shift): outcome for outcome in outcomes}
    names = dict.fromkeys(outcome.detector for outcome in outcomes)
    rows = [[f"`{name}`", *(_cell(found[name, shift]) for shift in shifts)] for name in names]
    return _rows(["detector", *(shift.replace("_", " ") for shift in shifts)], rows)


def _cell(outcome: Outcome) -> str:
    told = outcome.as_json()
    if not told["applies"]:
        return "–"
    if not told["detected"]:
        return "✗"
    part = f" ({told['detected']}/{told['seeds']})" if told["missed"] else ""
    return f"{told['delay_windows']:g}{part}"


def _rows(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---", *(["---:"] * (len(heads) - 1))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (heads, rule, *rows))
