"""Options that several verbs share, so that they read and mean the same everywhere."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "AnnounceFile",
    "BrokerTimeout",
    "DeliveryPromise",
    "EndpointHost",
    "EndpointPort",
    "JsonAtEnd",
    "RegistryUrl",
    "RunName",
]

RunName = Annotated[
    str, typer.Option("--run", help="Name of the run: prefix of its topics and consumer groups.")
]
EndpointHost = Annotated[str, typer.Option(help="Address of the metrics endpoint.")]
EndpointPort = Annotated[int, typer.Option(min=0, max=65535, help="Its port; 0 takes a free one.")]
AnnounceFile = Annotated[Path | None, typer.Option(help="File that gets process id and endpoint, as JSON.")]
BrokerTimeout = Annotated[float, typer.Option(min=1, help="Longest silence of the broker, in seconds.")]
RegistryUrl = Annotated[
    str | None,
    typer.Option(
        "--registry",
        help="Address of a Confluent-compatible schema registry; log in with GREENROOM_REGISTRY_* variables.",
    ),
]
JsonAtEnd = Annotated[bool, typer.Option("--json", help="End with one JSON object on stdout.")]


class DeliveryPromise(StrEnum):
    """How often a reader of committed records meets each event, whatever happens to those who publish it."""

    EXACTLY_ONCE = "exactly-once"
    AT_LEAST_ONCE = "at-least-once"
