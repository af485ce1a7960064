"""``greenroom enrich``: attach generated media to the records that ask for it."""

import logging
from typing import Annotated

import typer

from streams.commands.options import (
    AnnounceFile,
    BrokerTimeout,
    EndpointHost,
    EndpointPort,
    RegistryUrl,
    RunName,
)
from streams.settings import ClusterSettings

__all__ = ["enrich"]


def enrich(
    broker: Annotated[str, typer.Option(help="Kafka brokers, host:port, separated by commas.")],
    store: Annotated[str, typer.Option(help="Folder or fsspec URL that gets the assets.")],
    run: RunName = "greenroom",
    topics: Annotated[str, typer.Option(help="Topics to enrich, separated by commas.")] = "catalog,content",
    workers: Annotated[int, typer.Option(min=0, help="Processes that render; 0 is one for each core.")] = 0,
    render_timeout: Annotated[
        float, typer.Option(min=0.1, help="Longest time for one render, in seconds.")
    ] = 60.0,
    registry: RegistryUrl = None,
    broker_timeout: BrokerTimeout = 30.0,
    endpoint_host: EndpointHost = "127.0.0.1",
    endpoint_port: EndpointPort = 0,
    announce_file: AnnounceFile = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show what the Kafka client logs.")
    ] = False,
) -> None:
    """Enrich records with generated media until Ctrl-C or SIGTERM.

    Start as many as you like: they share the work as one consumer group.
    Log in with GREENROOM_KAFKA_* variables.

    Example: greenroom enrich --broker localhost:9092 --store ./assets --topics catalog,content
    """
    from streams.enrich import process
    from streams.enrich.settings import EnricherSettings
    from streams.registry.settings import RegistrySettings

    _log(verbose)
    settings = EnricherSettings(
        cluster=ClusterSettings.from_environment(broker),
        run=run,
        store=store,
        topics=tuple(name.strip() for name in topics.split(",") if name.strip()),
        registry=RegistrySettings.from_environment(registry) if registry else None,
        workers=workers,
        render_timeout_s=render_timeout,
        broker_timeout_s=broker_timeout,
        endpoint_host=endpoint_host,
        endpoint_port=endpoint_port,
        announce_file=announce_file,
    )
    process.run(settings)


def _log(verbose: bool) -> None:
    """Log to stderr; Kafka clients call each failed attempt to connect an error, which we sum up."""
    logging.basicConfig(level=logging.WARNING, format="greenroom: %(message)s")
    for name in ("aiokafka", "asyncio", "faust", "mode", "kafka"):
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.CRITICAL)
