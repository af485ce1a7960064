"""``greenroom demo``: see everything work, in about a minute."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from streams.exits import FailedChecksError

__all__ = ["demo"]


def demo(
    scenario: Annotated[str, typer.Argument(help="A scenario that ships, or a YAML file.")] = "video_service",
    seconds: Annotated[float, typer.Option(min=5, help="Seconds that the stream should take.")] = 35.0,
    viewers: Annotated[
        int | None, typer.Option(help="Size of the audience; by default what fits the embedded broker.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed, instead of the scenario's.")] = None,
    broker: Annotated[
        str | None, typer.Option(help="A real cluster, host:port, instead of the embedded broker.")
    ] = None,
    run: Annotated[
        str | None, typer.Option("--run", help="Name of the run: prefix of its topics; by default a new one.")
    ] = None,
    store: Annotated[Path, typer.Option(help="Folder that gets the assets.")] = Path(".greenroom/assets"),
    picture: Annotated[Path | None, typer.Option(help="Save the last screen as SVG too.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object on stdout.")] = False,
) -> None:
    """Stream a scenario through Kafka, enrich it with pictures, voices and music, and prove what arrived.

    Starts a broker, the simulator, an enricher and a monitor, and ends with a table; exit 1 if something in it
    is not as it should be.

    Example: greenroom demo short_video --seconds 60
    """
    began = time.monotonic()
    from rich.console import Console

    from streams.demo.conduct import Demonstration, Flags
    from streams.demo.plan import plan_for
    from streams.demo.screen import live, proof, shortcomings
    from streams.scenario_flags import opened
    from streams.signals import stopped_by_signals

    chosen = opened(scenario, seed=seed, viewers=viewers)
    plan = plan_for(chosen, seconds=seconds, viewers=viewers)
    console = Console(stderr=True)
    with stopped_by_signals() as stop, live(console) as show:
        flags = Flags(scenario, run or f"demo-{time.time_ns() // 1_000_000:x}", broker, seed, store)
        result = Demonstration(flags, chosen, plan, stop, began, show).play()
    if as_json:
        typer.echo(json.dumps(result))
    else:
        console = Console(record=True, width=None if picture is None else 72)
        console.print(proof(result))
        if picture is not None:
            console.save_svg(str(picture), title=f"greenroom demo {scenario}")
        for medium, uri in result["examples"].items():
            typer.echo(f"{medium}: {uri}")
        typer.echo(f"all assets: {result['store']}")
    if found := shortcomings(result):
        raise FailedChecksError("; ".join(found))
