"""``greenroom steer``: change a running fleet, in all its shards at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.commands.options import BrokerTimeout, RunName
from streams.exits import FailedChecksError, UsageError

if TYPE_CHECKING:
    from streams.settings import ClusterSettings

__all__ = ["steer"]

steer = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Change rates, shifts, campaigns and speed of a running fleet at a simulated time, in all shards at once.",
)

At = Annotated[
    str | None, typer.Option("--at", help="Simulated time from which it holds, such as 2026-11-22T12:30:00Z.")
]
In = Annotated[
    str | None,
    typer.Option("--in", help="Simulated time from now, such as 10m; by default as soon as all shards can."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the outcome as one JSON object.")]


@dataclass(frozen=True)
class Fleet:
    """Whom the command line means."""

    settings: "ClusterSettings"
    run: str
    wait_s: float
    broker_timeout_s: float


@steer.callback()
def fleet(
    context: typer.Context,
    broker: Annotated[str, typer.Option(help="Kafka brokers, host:port, separated by commas.")],
    run: RunName = "greenroom",
    wait: Annotated[float, typer.Option(min=0.1, help="Seconds that the shards have to answer.")] = 15.0,
    broker_timeout: BrokerTimeout = 30.0,
) -> None:
    """Change rates, shifts, campaigns and speed of a running fleet at a simulated time, in all shards at once.

    A change is made by all shards of the run or by none; exit 0 only if it is in force.

    Example: greenroom steer --run demo --broker localhost:9092 dial arrivals 2.0 --in 10m
    """
    from streams.settings import ClusterSettings

    context.obj = Fleet(ClusterSettings.from_environment(broker), run, wait, broker_timeout)


@steer.command("dial")
def dial(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The dial: arrivals, watch_scale, talk, …")],
    factor: Annotated[float | None, typer.Argument(help="What its level is multiplied by.")] = None,
    level: Annotated[
        float | None, typer.Option(help="What it is set to instead; 1 as in the scenario.")
    ] = None,
    at: At = None,
    after: In = None,
    as_json: Json = False,
) -> None:
    """Turn a dial."""
    _put(context, {"kind": "dial", "dial": name, "factor": factor, "level": level}, at, after, as_json)


@steer.command("rate")
def rate(
    context: typer.Context,
    events: Annotated[
        float, typer.Argument(help="Mean events a second of wall time, of all shards together.")
    ],
    at: At = None,
    after: In = None,
    as_json: Json = False,
) -> None:
    """Bring arrivals to a rate, at the present speed."""
    from streams.control.propose import roll_call

    told: Fleet = context.obj
    speeds = {shard.speed for shard in roll_call(told.settings, told.run, patience_s=told.wait_s)}
    if None in speeds or len(speeds) != 1:
        raise UsageError(
            f"rate {events:g}: a run at full speed has no pace to hold it; set a speed first, "
            "or turn the dial arrivals"
        )
    (speed,) = speeds
    assert speed is not None
    _put(context, {"kind": "rate", "events_per_second": events / speed}, at, after, as_json)


@steer.command("shift")
def shift(
    context: typer.Context,
    parameters: Annotated[str, typer.Argument(help="A shift as in a scenario: YAML, or a file of it.")],
    at: At = None,
    after: In = None,
    as_json: Json = False,
) -> None:
    """Plant a shift, such as '{kind: sudden, name: evening, dial: watch_scale, factor: 0.5}'."""
    _put(context, {"kind": "shift", "shift": _tree(parameters)}, at, after, as_json)


@steer.command("campaign")
def campaign(
    context: typer.Context,
    parameters: Annotated[str, typer.Argument(help="A campaign as in a scenario: YAML, or a file of it.")],
    at: At = None,
    after: In = None,
    as_json: Json = False,
) -> None:
    """Start a campaign, such as '{kind: copy_paste, name: vouchers, accounts: 40}'."""
    _put(context, {"kind": "campaign", "campaign": _tree(parameters)}, at, after, as_json)


@steer.command("stop-campaign")
def stop_campaign(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Its name.")],
    at: At = None,
    after: In = None,
    as_json: Json = False,
) -> None:
    """Call a campaign off, planned or started by hand."""
    _put(context, {"kind": "stop_campaign", "campaign": name}, at, after, as_json)


@steer.command("speed")
def speed(
    context: typer.Context,
    factor: Annotated[str, typer.Argument(help="Simulated time over wall time: 1x, 60x, … or max.")],
    at: At = None,
    after: In = None,
    as_json: Json = False,
) -> None:
    """Let simulated time pass faster or more slowly."""
    _put(context, {"kind": "speed", "speed": factor}, at, after, as_json)


@steer.command("pause")
def pause(context: typer.Context, at: At = None, after: In = None, as_json: Json = False) -> None:
    """Stop simulated time."""
    _put(context, {"kind": "pause"}, at, after, as_json)


@steer.command("resume")
def resume(context: typer.Context, as_json: Json = False) -> None:
    """Let simulated time go on."""
    _put(context, {"kind": "resume"}, None, None, as_json)


@steer.command("log")
def log(context: typer.Context) -> None:
    """Print all that was proposed, answered and decided, as JSON lines, for `greenroom run --replay`."""
    from streams.control.recording import log_of

    told: Fleet = context.obj
    for entry in log_of(told.settings, told.run, patience_s=told.broker_timeout_s):
        typer.echo(json.dumps(entry))


def _tree(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    file = Path(text)
    try:
        tree = YAML(typ="safe", pure=True).load(
            file.read_text() if len(text) < 256 and file.is_file() else text
        )
    except (YAMLError, OSError) as error:
        raise UsageError(f"{text!r} is neither YAML nor a file of it: {error}") from error
    if not isinstance(tree, Mapping):
        raise UsageError(f"{text!r} must be a mapping with a kind, as in a scenario, or a file of one")
    return dict(tree)


def _put(
    context: typer.Context, change: dict[str, Any], at: str | None, after: str | None, as_json: bool
) -> None:
    from sim.steering.change import written_moment
    from streams.cluster.administration import wait_for_broker
    from streams.control.propose import propose
    from streams.scenario_flags import duration_of

    if at is not None and after is not None:
        raise UsageError(f"--at {at} and --in {after} exclude each other")
    told: Fleet = context.obj
    wait_for_broker(told.settings, told.broker_timeout_s)
    given = {name: value for name, value in change.items() if value is not None}
    if at is not None:
        given["at"] = at
    outcome = propose(
        told.settings, told.run, given, after=duration_of("--in", after), patience_s=told.wait_s
    )
    if as_json:
        typer.echo(json.dumps(outcome.as_json()))
    if not outcome.in_force:
        raise FailedChecksError(f"{outcome.change.kind} is not in force: {outcome.reason}")
    if not as_json:
        typer.echo(
            f"{outcome.change.kind} in force in all shards from {written_moment(outcome.at)} on", err=True
        )
