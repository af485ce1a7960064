"""Flags that all load tests share, and what is done with them before and after a test."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.exits import FailedChecksError, UsageError

if TYPE_CHECKING:
    from streams.loadtest.arrivals import LoadProfile, Spacing
    from streams.report.page import Report

__all__ = [
    "Broker",
    "Connections",
    "Deadline",
    "FailIf",
    "For",
    "Mapping",
    "Ramp",
    "Rate",
    "ReportFile",
    "Slo",
    "SpacingFlag",
    "Target",
    "deadline_of",
    "finish",
    "profile_of",
    "prompt_threads",
    "spacing_of",
    "writable",
]

Target = Annotated[
    str, typer.Option(help="http://host:port/path, or kafka:REQUESTS,RESPONSES with --broker.")
]
Broker = Annotated[
    str | None, typer.Option(help="Kafka brokers of the target, host:port, separated by commas.")
]
Rate = Annotated[
    float | None, typer.Option(help="Requests per second of wall time; after a ramp, the rate held.")
]
Ramp = Annotated[
    str | None,
    typer.Option(help="Stages FROM:TO:TIME or RATE:TIME, separated by commas: 100:2000:60s,2000:2m."),
]
For = Annotated[
    str | None, typer.Option("--for", help="Wall time of the test, such as 60s; default: 60s, or the ramp's.")
]
SpacingFlag = Annotated[
    str,
    typer.Option(
        "--arrivals",
        help="poisson: requests bunch as those of independent people do; constant: evenly spaced.",
    ),
]
Deadline = Annotated[str, typer.Option(help="An answer later than this after the sending is a time-out.")]
Connections = Annotated[int, typer.Option(min=1, help="Most HTTP connections at a time.")]
Mapping = Annotated[
    Path | None,
    typer.Option(help="YAML file that maps another service's requests and answers to Greenroom's."),
]
Slo = Annotated[
    str | None,
    typer.Option(help="Service level, such as 'p99<200ms,errors<1%': finds the highest rate that keeps it."),
]
FailIf = Annotated[
    list[str] | None,
    typer.Option(help="End with 1 if this is true of the JSON's figures: 'latency_ms.p99>200ms'."),
]
ReportFile = Annotated[
    Path | None, typer.Option("--report", help="HTML file to write; the JSON goes beside it.")
]


def profile_of(rate: float | None, ramp: str | None, span: str | None, slo: str | None) -> "LoadProfile":
    """The profile that the flags mean; for a service level, ramps are climbed in steps that can be judged."""
    from streams.loadtest.arrivals import LoadProfile
    from streams.scenario_flags import duration_of

    length = duration_of("--for", span)
    profile = LoadProfile.parse(rate=rate, ramp=ramp, seconds=None if length is None else length / 1000)
    return profile.stepped() if slo else profile


def spacing_of(text: str) -> "Spacing":
    """How requests are spaced."""
    if text == "poisson":
        return "poisson"
    if text == "constant":
        return "constant"
    raise UsageError(f"--arrivals {text!r} must be poisson or constant")


@contextmanager
def prompt_threads() -> Iterator[None]:
    """Let threads take turns twice a millisecond: a world at work must not make the generator late."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def deadline_of(text: str) -> float:
    """Seconds after which an answer is too late."""
    from streams.scenario_flags import duration_of

    seconds = (duration_of("--deadline", text) or 0) / 1000
    if not seconds:
        raise UsageError(f"--deadline {text!r} must be longer than nothing, or every answer would be late")
    return seconds


def writable(file: Path | None) -> None:
    """Pass if a report can be written where it is wanted: before a long test, not after it."""
    if file is None:
        return
    if file.is_dir():
        raise UsageError(f"--report {file} is a folder; give the name of an HTML file in it")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--report {file} cannot be written: {error.strerror}; give another place") from None
    if not os.access(file.parent, os.W_OK):
        raise UsageError(f"--report {file} cannot be written there; give another place")


def finish(
    figures: dict[str, Any], failures: list[str], *, page: "Report | None", file: Path | None, as_json: bool
) -> None:
    """Write the report and its JSON, say what was found, and end with 1 if a gate is broken."""
    figures |= {"failed": failures}
    if file is not None and page is not None:
        from streams.report.page import write

        write(file, page)
        file.with_suffix(".json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    if as_json:
        typer.echo(json.dumps(figures))
    elif file is not None:
        typer.echo(f"report: {file}", err=True)
    if failures:
        raise FailedChecksError("\n".join(failures))
