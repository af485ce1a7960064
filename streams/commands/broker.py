"""``greenroom broker``: run the embedded broker by itself, or check that a broker answers as Kafka does."""

import json
from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from streams.exits import FailedChecksError
from streams.settings import ClusterSettings

if TYPE_CHECKING:
    from streams.cluster.conformance import Finding

__all__ = ["broker"]

broker = typer.Typer(
    name="broker", help="The embedded Kafka broker, and checks of any broker.", no_args_is_help=True
)


@broker.command()
def start(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Its port; 0 takes a free one.")] = 9092,
    as_json: Annotated[
        bool, typer.Option("--json", help="Tell address and process as one JSON object.")
    ] = False,
) -> None:
    """Run the embedded broker until Ctrl-C, SIGTERM, or until it nears its memory limit (exit 75).

    Its data is gone afterwards.

    Example: greenroom broker start --port 9092
    """
    from streams.cluster.embedded import EmbeddedBroker
    from streams.cluster.guard import BrokerGuard
    from streams.signals import stopped_by_signals

    with stopped_by_signals() as stop, EmbeddedBroker(port=port) as embedded, BrokerGuard(embedded) as guard:
        place = {"bootstrap": embedded.bootstrap, "pid": embedded.pid}
        words = (
            f"the embedded broker is at {embedded.bootstrap} (--broker {embedded.bootstrap}); Ctrl-C ends it"
        )
        print(json.dumps(place) if as_json else words, flush=True)
        while not stop.wait(0.2):
            guard.pause_seconds()


@broker.command()
def check(
    address: Annotated[
        str | None, typer.Option("--broker", help="host:port, separated by commas; default: an embedded one.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="A check's name; may be repeated. Default: all.")
    ] = None,
    timeout: Annotated[
        float, typer.Option("--broker-timeout", min=1, help="Seconds to wait for the broker.")
    ] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help="Report as one JSON object on stdout.")] = False,
) -> None:
    """Check that a broker answers as Apache Kafka does, in everything that Greenroom relies on.

    Makes topics under a name of their own and removes them. Exit 1 if anything differs.

    Example: greenroom broker check --broker localhost:9092 --only fencing --only retention
    """
    from streams.cluster.availability import wait_for_broker
    from streams.cluster.conformance import check_broker
    from streams.cluster.embedded import EmbeddedBroker

    with ExitStack() as stack:
        settings = (
            ClusterSettings.from_environment(address)
            if address
            else stack.enter_context(EmbeddedBroker()).settings
        )
        wait_for_broker(settings, timeout)
        findings = []
        for finding in check_broker(settings, only):
            findings.append(finding)
            if not as_json:
                print(_line(finding), flush=True)
    if as_json:
        print(json.dumps({"broker": settings.bootstrap, "checks": [asdict(finding) for finding in findings]}))
    if differing := [finding.name for finding in findings if finding.verdict == "differs"]:
        raise FailedChecksError(f"{settings.bootstrap} differs from Apache Kafka in: {', '.join(differing)}")


def _line(finding: "Finding") -> str:
    return f"{finding.name:<26}{finding.verdict:<10}{finding.seconds:>6.1f} s  {finding.detail}"
