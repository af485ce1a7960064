"""What each topic of a run should be on a cluster, and how a topic that is there differs from it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from streams.topics import TOPICS, Topic, qualified, topic_named

__all__ = ["TopicState", "WantedTopic", "deviations", "wanted_topics"]

_ANY_TIMESTAMP = str(2**63 - 1)
# A transaction's marker is stamped with the time of the day: beside records of a simulated past it looks like the end
# of the segment's time, and closes it at once (seen on Kafka 4.3.1), so that compaction begins on a topic just written.
_SEGMENT = timedelta(days=7)


@dataclass(frozen=True)
class TopicState:
    """A topic as it is on the cluster; ``partitions`` is 0 if it is absent."""

    name: str
    partitions: int = 0
    replication: int = 0
    leaderless: int = 0
    config: Mapping[str, str] = field(default_factory=dict)

    @property
    def present(self) -> bool:
        """Whether the cluster has the topic."""
        return self.partitions > 0


@dataclass(frozen=True)
class WantedTopic:
    """A topic as a run needs it."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str]


def wanted_topics(
    run: str,
    *,
    brokers: int,
    partitions: int | None = None,
    history: timedelta = timedelta(0),
    overrides: Mapping[str, Mapping[str, str]] | None = None,
) -> list[WantedTopic]:
    """Every topic of a run, for a cluster of this many brokers.

    ``partitions`` replaces the number of every topic that has more than one. ``history`` is how far in the
    past the run's first record is stamped: brokers reckon retention from a record's own time, so it is added.
    ``overrides`` gives settings in Kafka's words by unqualified topic name, or for all under ``"*"``.

    >>> catalog = wanted_topics("greenroom", brokers=3, partitions=2)[0]
    >>> catalog.name, catalog.partitions, catalog.replication, catalog.config["cleanup.policy"]
    ('greenroom.catalog', 2, 3, 'compact')
    """
    given = dict(overrides or {})
    every = given.pop("*", {})
    for name in given:
        topic_named(name)
    segment = {"segment.ms": _milliseconds(_SEGMENT + _whole_days(history))}
    return [
        _wanted(
            _lengthened(topic, history),
            run,
            brokers,
            partitions,
            {**segment, **every, **given.get(topic.name, {})},
        )
        for topic in TOPICS
    ]


def _whole_days(history: timedelta) -> timedelta:
    return timedelta(days=history.days + 1) if history > timedelta(0) else timedelta(0)


def _milliseconds(span: timedelta) -> str:
    return str(int(span.total_seconds() * 1000))


def _lengthened(topic: Topic, history: timedelta) -> Topic:
    if topic.retention is None:
        return topic
    return replace(topic, retention=topic.retention + _whole_days(history))


def _wanted(
    topic: Topic, run: str, brokers: int, partitions: int | None, override: Mapping[str, str]
) -> WantedTopic:
    replication = min(3, brokers)
    config = {
        **topic.config(),
        "message.timestamp.after.max.ms": _ANY_TIMESTAMP,
    }  # simulated time may run ahead
    if replication == 3:
        config["min.insync.replicas"] = "2"
    count = partitions if partitions and topic.partitions > 1 else topic.partitions
    return WantedTopic(qualified(run, topic.name), count, replication, {**config, **override})


def deviations(wanted: WantedTopic, found: TopicState) -> Iterator[str]:
    """Each way in which a present topic is not as wanted, with the remedy; a longer retention is as good."""
    if found.partitions != wanted.partitions:
        yield (
            f"topic {wanted.name}: partitions is {found.partitions}, wanted {wanted.partitions}; "
            f"give --partitions {found.partitions}, another --run, or delete the topic"
        )
    for setting, suffices in _CHECKED.items():
        has, wants = found.config.get(setting), wanted.config[setting]
        if has is not None and not suffices(has, wants):
            yield (
                f"topic {wanted.name}: {setting} is {has}, wanted {wants}; "
                f"set it with kafka-configs --alter --topic {wanted.name} --add-config {setting}={wants}, "
                "give another --run, or delete the topic"
            )


def _same(has: str, wants: str) -> bool:
    return has == wants


def _as_long(has: str, wants: str) -> bool:
    return has == "-1" or (wants != "-1" and int(has) >= int(wants))


_CHECKED: Mapping[str, Callable[[str, str], bool]] = {"cleanup.policy": _same, "retention.ms": _as_long}
