"""``greenroom topics``: the topics of a run on a cluster: listed, checked, created."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from streams.exits import FailedChecksError
from streams.settings import ClusterSettings

if TYPE_CHECKING:
    from streams.cluster.inventory import Entry

__all__ = ["topics"]


def topics(
    broker: Annotated[str, typer.Option(help="Kafka brokers, host:port, separated by commas.")],
    run: Annotated[str, typer.Option(help="Name of the run: prefix of its topics.")] = "greenroom",
    create: Annotated[bool, typer.Option("--create", help="Create those that are absent.")] = False,
    partitions: Annotated[
        int | None, typer.Option(min=1, help="Partitions of every topic that has several.")
    ] = None,
    history: Annotated[
        str,
        typer.Option(help="How far in the past the run's records begin, such as 300d: kept so much longer."),
    ] = "0s",
    lag: Annotated[
        bool, typer.Option("--lag", help="Show how far the run's consumer groups are behind.")
    ] = False,
    broker_timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for the broker.")] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help="Report as one JSON object on stdout.")] = False,
) -> None:
    """List a run's topics and check them against what they should be; exit 1 if one differs.

    Log in with GREENROOM_KAFKA_* variables.

    Example: greenroom topics --broker localhost:9092 --create --lag
    """
    from streams.cluster.administration import Administration
    from streams.cluster.availability import wait_for_broker
    from streams.cluster.inventory import inventory, lag_by_topic
    from streams.scenario_flags import duration_of

    past = timedelta(milliseconds=duration_of("--history", history) or 0)
    settings = ClusterSettings.from_environment(broker)
    wait_for_broker(settings, broker_timeout)
    with Administration(settings) as administration:
        created = administration.ensure_topics(run, partitions=partitions, history=past) if create else []
        entries = inventory(administration, run, partitions=partitions, history=past)
        behind = lag_by_topic(administration.lag(administration.groups_of(run))) if lag else {}
    if as_json:
        lags = [{"group": group, "topic": topic, "records": left} for (group, topic), left in behind.items()]
        listed = {
            "broker": broker,
            "run": run,
            "created": created,
            "topics": [asdict(entry) for entry in entries],
        }
        print(json.dumps(listed | ({"lag": lags} if lag else {})))
    else:
        _show(entries, behind, created)
    if wrong := [line for entry in entries for line in entry.deviations]:
        raise FailedChecksError("\n".join(wrong))


def _show(entries: "list[Entry]", behind: dict[tuple[str, str], int], created: list[str]) -> None:
    print(f"{'topic':<40}{'partitions':>11}{'replicas':>9}  {'cleanup':<9}{'retention':<12}{'offsets':>12}")
    for entry in entries:
        print(
            _row(entry) + ("  created" if entry.name in created else "  differs" if entry.deviations else "")
        )
    for (group, topic), left in behind.items():
        print(f"lag of {group} on {topic}: {left:,} records")


def _row(entry: "Entry") -> str:
    if not entry.present:
        return f"{entry.name:<40}{'absent':>11}"
    kept = "forever" if entry.retention_ms == -1 else str(timedelta(milliseconds=entry.retention_ms or 0))
    numbers = f"{entry.partitions:>11}{entry.replication:>9}"
    return f"{entry.name:<40}{numbers}  {entry.cleanup:<9}{kept:<12}{entry.end_offsets:>12,}"
