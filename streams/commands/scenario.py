"""``greenroom scenario``: list, show, check, describe and explain scenarios."""

import json
from datetime import timedelta
from typing import Annotated, Any

import typer

__all__ = ["scenario"]

scenario = typer.Typer(
    help="Scenarios: what ships, what a file may say, and what a run of it will be like.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(help="A scenario that ships, or a YAML file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@scenario.command("list")
def list_shipped(as_json: AsJson = False) -> None:
    """List the scenarios that ship.

    Example: greenroom scenario list
    """
    from sim.scenario_file import load, shipped

    about = {name: load(name).about for name in shipped()}
    typer.echo(
        json.dumps(about) if as_json else "\n".join(f"{name:16} {text}" for name, text in about.items())
    )


@scenario.command()
def show(name: Name) -> None:
    """Print a scenario's file, to start one of your own from.

    Example: greenroom scenario show short_video > mine.yaml
    """
    from sim.scenario_file import source_of

    typer.echo(source_of(name)[1], nl=False)


@scenario.command()
def check(name: Name, as_json: AsJson = False) -> None:
    """Check a scenario file; exit 64 and say file, line, value and rule if it is wrong.

    Example: greenroom scenario check mine.yaml
    """
    from streams.commands.drift_detectors import checked
    from streams.scenario_flags import opened

    found = checked(name, opened(name))
    typer.echo(
        json.dumps({"scenario": found.name, "valid": True})
        if as_json
        else f"{name}: valid scenario {found.name!r}"
    )


@scenario.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors.

    Example: greenroom scenario schema > scenario.schema.json
    """
    from streams.scenario_schema import scenario_schema

    typer.echo(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))


@scenario.command()
def asyncapi(
    name: Name,
    run: Annotated[str, typer.Option("--run", help="Name of the run: prefix of its topics.")] = "greenroom",
    format_name: Annotated[
        str, typer.Option("--format", help="Format of the records: json, avro, json_schema or protobuf.")
    ] = "json",
) -> None:
    """Print the AsyncAPI 3 document of a scenario's topics and records, for catalogues and code generators.

    Example: greenroom scenario asyncapi video_service --format avro > asyncapi.json
    """
    from streams.codec.codec import format_named
    from streams.commands.formats import terms_of
    from streams.scenario_flags import opened
    from streams.schemas.asyncapi import asyncapi as document

    chosen = opened(name)
    told = document(chosen, terms_of(chosen), run=run, format_name=format_named(format_name))
    typer.echo(json.dumps(told, indent=2, ensure_ascii=False))


@scenario.command()
def explain(
    name: Name,
    rate: Annotated[
        float | None, typer.Option(help="Mean events per second that a run is asked for.")
    ] = None,
    viewers: Annotated[
        int | None, typer.Option(help="Size of the audience, instead of the scenario's.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell, without running it, how many events of each kind, sessions and bytes a scenario will give.

    Example: greenroom scenario explain video_service --rate 5000 --viewers 2000000
    """
    from streams.explanation import explained
    from streams.scenario_flags import opened

    story = explained(opened(name, viewers=viewers), rate)
    if as_json:
        typer.echo(json.dumps(story))
        return
    typer.echo(
        f"{story['scenario']}: {story['viewers']:,} viewers, {story['sessions_per_day']:,.0f} sessions a day of "
        f"{story['session_minutes']:.1f} minutes, a tick of {story['tick_s']:g} s\n"
    )
    for row in story["events_per_s"]:
        typer.echo(
            f"  {row['topic']:10} {row['kind']:14} {row['events_per_s']:12,.2f}/s {row['bytes_per_s']:14,.0f} B/s"
        )
    typer.echo(
        f"\n  {'all':25} {story['total_events_per_s']:12,.2f}/s {story['total_bytes_per_s']:14,.0f} B/s"
    )
    for mess in story["mess"]:
        typer.echo(f"  planted: {_told(mess)}")


def _told(mess: dict[str, Any]) -> str:
    """One sort of mess in words."""
    when = f"from {_clock(mess['at_s'])}" + (f" for {_clock(mess['lasts_s'])}" if mess["lasts_s"] else "")
    again = f", every {_clock(mess['every_s'])}" if mess["every_s"] else ""
    where = ", ".join(mess["kinds"] or mess["topics"])
    return f"{mess['mess']} on {where}, {when}{again}: {mess['events_per_s']:,.3g} events/s"


def _clock(seconds: float) -> str:
    """A span as hours, minutes and seconds, such as 1:05:00."""
    return str(timedelta(seconds=seconds))
