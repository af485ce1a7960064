"""An inventory of a run: each declared topic, what the cluster has of it, and where the two differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from kafka import TopicPartition

from streams.cluster.administration import Administration, Lag
from streams.cluster.provisioning import deviations, wanted_topics
from streams.topics import TOPICS

__all__ = ["Entry", "inventory", "lag_by_topic"]


@dataclass(frozen=True)
class Entry:
    """A declared topic and what is on the cluster; numbers are 0 and ``retention_ms`` is None if absent."""

    name: str
    key: str
    about: str
    present: bool
    partitions: int
    replication: int
    cleanup: str
    retention_ms: int | None
    end_offsets: int
    deviations: tuple[str, ...]


def inventory(
    administration: Administration,
    run: str,
    *,
    partitions: int | None = None,
    history: timedelta = timedelta(0),
) -> list[Entry]:
    """Every topic of a run; ``end_offsets`` is the sum over its partitions."""
    wanted = wanted_topics(run, brokers=len(administration.brokers()), partitions=partitions, history=history)
    found = administration.describe_topics(topic.name for topic in wanted)
    keys = [TopicPartition(state.name, number) for state in found for number in range(state.partitions)]
    ends = administration.ends(keys) if keys else {}
    return [
        Entry(
            name=state.name,
            key=topic.key,
            about=topic.about,
            present=state.present,
            partitions=state.partitions,
            replication=state.replication,
            cleanup=state.config.get("cleanup.policy", ""),
            retention_ms=int(state.config["retention.ms"]) if "retention.ms" in state.config else None,
            end_offsets=sum(end for key, end in ends.items() if key.topic == state.name),
            deviations=tuple(deviations(want, state)) if state.present else (),
        )
        for topic, want, state in zip(TOPICS, wanted, found, strict=True)
    ]


def lag_by_topic(lags: Iterable[Lag]) -> dict[tuple[str, str], int]:
    """Records that each group has still to read of each topic, by group and topic."""
    sums: dict[tuple[str, str], int] = {}
    for lag in lags:
        sums[lag.group, lag.topic] = sums.get((lag.group, lag.topic), 0) + lag.records
    return sums
