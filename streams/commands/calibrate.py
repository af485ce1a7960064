"""``greenroom calibrate``: fit a scenario to published statistics or to a log, with proof of the fit."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.commands.options import JsonAtEnd
from streams.exits import FailedChecksError, UsageError

if TYPE_CHECKING:
    from streams.calibrate.statistics import Outcome

__all__ = ["calibrate"]


def calibrate(
    check: Annotated[
        str | None,
        typer.Option(help="Profile to hold to its targets: one that ships, or a scenario file with --stats."),
    ] = None,
    stats: Annotated[
        str | None, typer.Option(help="YAML file of published statistics, or a profile's own.")
    ] = None,
    logs: Annotated[Path | None, typer.Option(help="Log of interactions, .parquet, .csv or .tsv.")] = None,
    base: Annotated[str | None, typer.Option(help="Scenario from which the search sets out.")] = None,
    vary: Annotated[
        list[str] | None, typer.Option(help="Parameter that the search may change, as path=low:high.")
    ] = None,
    budget: Annotated[
        int | None, typer.Option(min=1, help="Whole simulations: 60 for statistics, 24 for logs by default.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File of the profile that is written.")] = None,
    report: Annotated[Path | None, typer.Option(help="HTML file of the report.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the split of a log, and of the profile.")] = 1,
    user: Annotated[str, typer.Option(help="Column of users.")] = "user",
    item: Annotated[str, typer.Option(help="Column of items; 'none' for logs without.")] = "item",
    time: Annotated[
        str, typer.Option(help="Column of times: ISO 8601, or epoch seconds or milliseconds.")
    ] = "time",
    rating: Annotated[str | None, typer.Option(help="Column of ratings, 0.5 to 5 stars.")] = None,
    watch: Annotated[str | None, typer.Option(help="Column of watch time, seconds.")] = None,
    length: Annotated[str | None, typer.Option(help="Column of items' lengths, seconds.")] = None,
    event: Annotated[str | None, typer.Option(help="Column of events.")] = None,
    keep: Annotated[list[str] | None, typer.Option(help="Event that counts as an interaction.")] = None,
    as_json: JsonAtEnd = False,
) -> None:
    """Fit a scenario to published statistics or to a log, or check that a profile holds its targets.

    Example: greenroom calibrate --check film

    To statistics: greenroom calibrate --stats targets.yaml --base film --vary audience.taste=0.2:3 --out mine.yaml

    To a log: greenroom calibrate --logs plays.parquet --user user_id --item track --out mine.yaml --report fit.html
    """
    if (logs is not None) + (check is not None or stats is not None) != 1:
        raise UsageError("give one of --check PROFILE, --stats FILE and --logs FILE")
    if logs is not None:
        from streams.calibrate.log_file import LogColumns

        columns = LogColumns(
            user, None if item == "none" else item, time, rating, watch, length, event, tuple(keep or ())
        )
        _to_log(logs, columns, out, report, seed, budget or 24, as_json)
    elif check is not None:
        _check(check, stats, report, as_json)
    else:
        assert stats is not None
        _to_statistics(stats, base, vary or (), budget or 60, out, report, as_json)


def _check(profile: str, stats: str | None, report: Path | None, as_json: bool) -> None:
    from streams.calibrate.statistics import checked

    outcome = checked(profile, _targets(stats or profile))
    _tell(outcome, stats or profile, report, as_json)
    if not outcome.enough:
        raise FailedChecksError(
            f"{profile}: {outcome.passed} of {len(outcome.verdicts)} targets hold; nine of ten should"
        )


def _to_statistics(
    stats: str,
    base: str | None,
    vary: Sequence[str],
    budget: int,
    out: Path | None,
    report: Path | None,
    as_json: bool,
) -> None:
    from streams.calibrate.profile import write_changed
    from streams.calibrate.statistics import searched

    targets = _targets(stats)
    chosen = base or targets.base
    if chosen is None:
        raise UsageError(f"{stats}: no scenario to set out from; give --base SCENARIO, or 'base' in the file")
    bounds = dict(map(_bounds, vary)) or targets.vary
    outcome = searched(_name(out, chosen), targets, chosen, bounds, budget=budget)
    if out is not None:
        write_changed(out, chosen, {**outcome.changes, "name": outcome.profile})
    _tell(outcome, stats, report, as_json)


def _to_log(
    logs: Path, columns: Any, out: Path | None, report: Path | None, seed: int, budget: int, as_json: bool
) -> None:
    from streams.calibrate.log_file import read_log
    from streams.calibrate.log_report import log_report
    from streams.calibrate.logs import calibrated_to_log
    from streams.calibrate.profile import write_tree
    from streams.report.page import write

    outcome = calibrated_to_log(read_log(logs, columns), name=_name(out, "fitted"), seed=seed, budget=budget)
    if out is not None:
        write_tree(out, outcome.fit.tree, f"Fitted to {logs.name}: see greenroom calibrate --logs.")
    if report is not None:
        write(report, log_report(outcome))
    found = outcome.as_json()
    if as_json:
        typer.echo(json.dumps(found))
        return
    for name in ("c2st_auc", "tstr_over_trtr", "kendall_tau"):
        typer.echo(f"{name:16} {_shown(found[name])}   real {_shown(found.get(f'{name}_real'))}")


def _shown(value: float | None) -> str:
    return "    –" if value is None else f"{value:.3f}"


def _name(out: Path | None, otherwise: str) -> str:
    stem = otherwise if out is None else out.stem
    name = "".join(c if c.isalnum() else "_" for c in Path(stem).stem.lower()).strip("_")
    return name if name[:1].isalpha() else f"profile_{name}"


def _bounds(text: str) -> tuple[str, tuple[float, float]]:
    path, _, bounds = text.partition("=")
    low, _, high = bounds.partition(":")
    try:
        found = float(low), float(high)
    except ValueError:
        raise UsageError(f"--vary {text!r} must be path=low:high, such as audience.taste=0.2:3") from None
    if not found[0] < found[1]:
        raise UsageError(f"--vary {text!r}: {low} must be below {high}")
    return path.strip(), found


def _targets(name: str) -> Any:
    from sim.calibration.shipped import TargetsError, target_set

    try:
        return target_set(name)
    except TargetsError as error:
        raise UsageError(str(error)) from error


def _tell(outcome: "Outcome", stats: str, report: Path | None, as_json: bool) -> None:
    if report is not None:
        from streams.calibrate.statistics_report import statistics_report
        from streams.report.page import write

        write(report, statistics_report(outcome, _targets(stats).about))
    if as_json:
        typer.echo(json.dumps(outcome.as_json()))
        return
    for verdict in outcome.verdicts:
        mark = "holds" if verdict.passed else "FAILS"
        why = f"  {verdict.reason}" if verdict.reason and not verdict.passed else ""
        typer.echo(f"{mark}  {verdict.name:32} {verdict.target:12.5g} {verdict.simulated:12.5g}{why}")
    typer.echo(f"{outcome.passed} of {len(outcome.verdicts)} targets hold")
