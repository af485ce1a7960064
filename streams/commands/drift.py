"""``greenroom drift``: the drift lab: which detectors and shifts there are, and how they fare against each other."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from streams.watch.drift.detector import Detector
    from streams.watch.drift.lab.plan import Plan

__all__ = ["drift"]

drift = typer.Typer(no_args_is_help=True, help="Compare drift detectors on planted shifts.")


@drift.command("bench")
def bench(
    detectors: Annotated[
        str,
        typer.Option(
            help="Kinds of detector, separated by commas, or 'all'; psi/reference compares with the reference only."
        ),
    ] = "all",
    shifts: Annotated[str, typer.Option(help="Kinds of shift, separated by commas, or 'all'.")] = "all",
    sizes: Annotated[
        str, typer.Option(help="Sizes in standard deviations, separated by commas.")
    ] = "0.25,0.5,1,2",
    seeds: Annotated[int, typer.Option(min=1, help="How many streams of each sort are simulated.")] = 3,
    write: Annotated[
        Path | None, typer.Option(help="Renew the tables of this page of Markdown, between its marks.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line for each detector, shift and size.")
    ] = False,
) -> None:
    """Run detectors on simulated streams with planted shifts: delay, misses, false alarms and cost.

    Needs no broker. One standard deviation is that of single values in the reference: a shift of size 1 moves
    the mean of watched times by so much; docs/drift.md says what it is for other shifts.

    Example: greenroom drift bench --shifts sudden,gradual --sizes 1 --seeds 2
    """
    from rich.console import Console

    from streams.watch.drift.lab.bench import benched
    from streams.watch.drift.lab.report import markdown, table

    _renew(write, "")
    status = Console(stderr=True)
    outcomes = []
    kinds, plans, chosen_sizes = _chosen(detectors, shifts, sizes)
    streams = range(1, seeds + 1)
    for outcome in benched(kinds, plans, chosen_sizes, streams, lambda line: status.print(line, style="dim")):
        outcomes.append(outcome)
        if as_json:
            typer.echo(json.dumps(outcome.as_json()))
    if not as_json:
        Console(width=None if Console().is_terminal else 120).print(table(outcomes))
    _renew(write, markdown(outcomes))


@drift.command("list")
def listed(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Name every detector and every shift, with a word on each and the parameters that it takes."""
    from rich.console import Console
    from rich.table import Table

    from sim.plugin import Family
    from sim.shifts.shift import SHIFTS
    from streams.watch.drift.detector import DETECTORS

    families: dict[str, Family] = {"detectors": DETECTORS, "shifts": SHIFTS}  # type: ignore[type-arg]
    known = {
        noun: {kind: _about(cls) for kind, cls in sorted(family.classes().items())}
        for noun, family in families.items()
    }
    if as_json:
        typer.echo(json.dumps(known))
        return
    made = Table("", "kind", "what it is", "parameters", box=None)
    for noun, kinds in known.items():
        for kind, about in kinds.items():
            made.add_row(noun[:-1], kind, str(about["about"]), ", ".join(about["parameters"]))
    Console(width=None if Console().is_terminal else 160).print(made)


def _about(cls: type) -> dict[str, list[str] | str]:
    first = (cls.__doc__ or "").strip().split("\n\n")[0]
    fields: list[str] = [name for name in cls.model_fields if name != "kind"]  # type: ignore[attr-defined]
    return {"about": " ".join(first.split()), "parameters": fields}


def _chosen(
    detectors: str, shifts: str, sizes: str
) -> "tuple[tuple[Detector, ...], tuple[Plan, ...], list[float]]":
    from sim.names import UnknownNameError
    from streams.exits import UsageError
    from streams.watch.drift.detector import DETECTORS
    from streams.watch.drift.lab.bench import detectors_named
    from streams.watch.drift.lab.plan import PLANS, plan_named

    try:
        kinds = sorted(DETECTORS.classes()) if detectors == "all" else _words(detectors)
        plans = PLANS if shifts == "all" else tuple(plan_named(name) for name in _words(shifts))
        return detectors_named(kinds), plans, [_size(word) for word in _words(sizes)]
    except (UnknownNameError, ValueError) as error:
        raise UsageError(str(error)) from error


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _size(word: str) -> float:
    from streams.exits import UsageError

    try:
        size = float(word)
    except ValueError:
        size = 0.0
    if not 0 < size <= 2:
        raise UsageError(f"--sizes {word!r} must be a number above 0 and at most 2, such as 0.5")
    return size


def _renew(page: Path | None, tables: str) -> None:
    """Renew the tables of a page; without any, only see that this will be possible after the long work."""
    from streams.exits import UsageError
    from streams.watch.drift.lab.report import inserted

    if page is None:
        return
    try:
        renewed = inserted(page.read_text("utf-8"), tables)
        if tables:
            page.write_text(renewed, "utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(f"--write {page}: {error}") from error
