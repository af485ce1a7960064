"""``greenroom monitor``: follow a run, audit it and watch it for drift."""

import json
from contextlib import ExitStack
from typing import Annotated

import typer

from streams.commands.options import (
    AnnounceFile,
    BrokerTimeout,
    EndpointHost,
    EndpointPort,
    JsonAtEnd,
    RegistryUrl,
    RunName,
)
from streams.settings import ClusterSettings

__all__ = ["monitor"]


def monitor(
    scenario: Annotated[str, typer.Argument(help="The scenario that is played: a name, or a YAML file.")],
    broker: Annotated[str, typer.Option(help="Kafka brokers, host:port, separated by commas.")],
    run: RunName = "greenroom",
    change: Annotated[
        list[str] | None, typer.Option("--set", help="A value of the scenario to replace, path=value.")
    ] = None,
    until_closed: Annotated[
        bool, typer.Option(help="End when every shard has closed and all is read.")
    ] = False,
    span: Annotated[
        str | None, typer.Option("--for", help="Wall time to follow, such as 10m; by default without end.")
    ] = None,
    settle: Annotated[
        str, typer.Option(help="After so long a silence, what closed shards still miss is lost.")
    ] = "10s",
    late_after: Annotated[
        str, typer.Option(help="Simulated time by which a record may be behind its source.")
    ] = "60s",
    store: Annotated[
        str, typer.Option(help="Folder or fsspec URL of the run's assets, for the page to show.")
    ] = ".greenroom/assets",
    keep_open: Annotated[
        bool, typer.Option(help="Go on serving the page after the end, until Ctrl-C.")
    ] = False,
    endpoint_host: EndpointHost = "127.0.0.1",
    endpoint_port: EndpointPort = 0,
    announce_file: AnnounceFile = None,
    broker_timeout: BrokerTimeout = 30.0,
    registry: RegistryUrl = None,
    as_json: JsonAtEnd = False,
) -> None:
    """Follow a run from its beginning: audit its delivery and watch its features for drift.

    Serves a live page, beside it /metrics, /healthz, /readyz, /drift, /audit and /openapi.json, and publishes
    readings to the topic drift. Waits for the run to begin; ends on Ctrl-C or SIGTERM.

    Example: greenroom monitor video_service --broker localhost:9092 --until-closed --json
    """
    from streams.announcement import announce
    from streams.commands.drift_detectors import checked
    from streams.commands.formats import reader_of
    from streams.scenario_flags import duration_of, opened
    from streams.signals import stopped_by_signals
    from streams.tracing import tracing
    from streams.watch.following import monitor_stream
    from streams.watch.monitor import MonitorReport
    from streams.watch.page.live import PageSettings
    from streams.watch.page.panels import Playbill
    from streams.watch.tables import live_monitor, print_report

    chosen = checked(scenario, opened(scenario, changes=change or ()))
    span_ms = duration_of("--for", span)

    def on_endpoint(url: str) -> None:
        announce(announce_file, endpoint=url)
        typer.echo(f"live page of run {run!r}: {url}", err=True)

    def before_end(report: MonitorReport) -> None:
        screen.close()
        if as_json:
            typer.echo(json.dumps(report.as_json()))
        else:
            print_report(report)
        if keep_open and not stop.is_set():
            typer.echo("the page stays open until Ctrl-C", err=True)
            stop.wait()

    with tracing("monitor"), stopped_by_signals() as stop, ExitStack() as screen:
        show = screen.enter_context(live_monitor(enabled=not as_json))
        monitor_stream(
            ClusterSettings.from_environment(broker),
            run,
            chosen.drift,
            until_closed=until_closed,
            for_s=None if span_ms is None else span_ms / 1000,
            settle_s=(duration_of("--settle", settle) or 0) / 1000,
            lateness_tolerance_ms=duration_of("--late-after", late_after) or 0,
            patience_s=broker_timeout,
            reader=reader_of(registry),
            page=PageSettings(Playbill(run, chosen.name, chosen.about, chosen.drift.features), store),
            endpoint_host=endpoint_host,
            endpoint_port=endpoint_port,
            stop=stop,
            on_endpoint=on_endpoint,
            on_progress=show,
            before_end=before_end,
        )
