"""``greenroom demo``: see everything work, in about a minute."""

import json
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

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
    page_port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the live page; 0 takes a free one.")
    ] = 0,
    keep_open: Annotated[
        bool, typer.Option(help="Go on serving the page after the end, until Ctrl-C.")
    ] = False,
    picture: Annotated[Path | None, typer.Option(help="Save the last screen as SVG too.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object on stdout.")] = False,
) -> None:
    """Stream a scenario through Kafka, enrich it with pictures, voices and music, and prove what arrived.

    Starts a broker, the simulator, an enricher and a monitor, prints the address of the live page, and ends with
    a table; exit 1 if something in it is not as it should be.

    Example: greenroom demo short_video --seconds 60
    """
    began = time.monotonic()
    from rich.console import Console

    from streams.demo.conduct import Demonstration, Flags
    from streams.demo.plan import plan_for
    from streams.demo.screen import live, shortcomings
    from streams.scenario_flags import opened
    from streams.signals import stopped_by_signals

    chosen = opened(scenario, seed=seed, viewers=viewers)
    plan = plan_for(chosen, seconds=seconds, viewers=viewers)
    flags = Flags(
        scenario, run or f"demo-{time.time_ns() // 1_000_000:x}", broker, seed, store, page_port, keep_open
    )
    with stopped_by_signals() as stop, ExitStack() as screen:
        show = screen.enter_context(live(Console(stderr=True)))

        def before_end(result: dict[str, Any]) -> None:
            screen.close()
            _tell(result, scenario, picture, as_json=as_json)
            if keep_open and not stop.is_set():
                typer.echo(f"the page stays open until Ctrl-C: {result['page']}", err=True)
                stop.wait()

        result = Demonstration(flags, chosen, plan, stop, began, show, before_end).play()
    if found := shortcomings(result):
        raise FailedChecksError("; ".join(found))


def _tell(result: dict[str, Any], scenario: str, picture: Path | None, *, as_json: bool) -> None:
    from rich.console import Console

    from streams.demo.screen import proof

    if as_json:
        typer.echo(json.dumps(result))
        return
    console = Console(record=True, width=None if picture is None else 72)
    console.print(proof(result))
    if picture is not None:
        console.save_svg(str(picture), title=f"greenroom demo {scenario}")
    for medium, uri in result["examples"].items():
        typer.echo(f"{medium}: {uri}")
    typer.echo(f"all assets: {result['store']}")
