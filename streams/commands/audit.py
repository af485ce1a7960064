"""``greenroom audit``: prove what was delivered."""

import json
from typing import Annotated

import typer

from streams.commands.options import RegistryUrl
from streams.exits import FailedChecksError, UsageError
from streams.settings import ClusterSettings

__all__ = ["audit"]


def audit(
    broker: Annotated[str, typer.Option(help="Kafka brokers, host:port, separated by commas.")],
    run: Annotated[str, typer.Option("--run", help="Name of the run: prefix of its topics.")] = "greenroom",
    follow: Annotated[
        bool, typer.Option(help="Keep reading until every shard has closed, or Ctrl-C.")
    ] = False,
    settle: Annotated[str, typer.Option(help="What has not come after so long a silence is lost.")] = "10s",
    late_after: Annotated[
        str, typer.Option(help="Simulated time by which a record may be behind its source.")
    ] = "60s",
    broker_timeout: Annotated[
        float, typer.Option(min=1, help="Longest time without a broker, in seconds.")
    ] = 30.0,
    registry: RegistryUrl = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as one JSON object.")] = False,
) -> None:
    """Read a run's topics back and prove that everything arrived once, whole and in order.

    Mess that the scenario planted is told apart, by its labels on the topic truth: proven means that there is nothing
    beyond it. Ends with 0 if it is proven, with 1 if not, with 69 if there is no broker.

    Example: greenroom audit --broker localhost:9092 --run greenroom --follow
    """
    from streams.commands.formats import reader_of
    from streams.scenario_flags import duration_of
    from streams.signals import stopped_by_signals
    from streams.tracing import tracing
    from streams.watch.auditing import audit_run
    from streams.watch.tables import live_audit, print_audit

    settle_ms, late_ms = duration_of("--settle", settle), duration_of("--late-after", late_after)
    if not settle_ms or late_ms is None:
        raise UsageError(f"--settle {settle!r} must be above 0, such as 10s")
    with tracing("audit"), stopped_by_signals() as stop, live_audit(enabled=not as_json) as show:
        verdict = audit_run(
            ClusterSettings.from_environment(broker),
            run,
            follow=follow,
            settle_s=settle_ms / 1000,
            lateness_tolerance_ms=late_ms,
            patience_s=broker_timeout,
            reader=reader_of(registry),
            stop=stop,
            on_progress=show,
        )
    if as_json:
        typer.echo(json.dumps(verdict.as_json()))
    else:
        print_audit(verdict)
    if not verdict.proven:
        raise FailedChecksError(f"the delivery of run {run!r} is not proven: {'; '.join(verdict.reasons)}")
