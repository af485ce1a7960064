"""Administration of a cluster: the topics of a run, and the lag of consumer groups."""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, OffsetSpec
from kafka.errors import KafkaError, TopicAlreadyExistsError, UnknownTopicOrPartitionError, for_code

from streams.cluster.availability import live_brokers, unavailable, wait_for_broker
from streams.cluster.gaps import empty_offsets
from streams.cluster.provisioning import TopicState, WantedTopic, deviations, wanted_topics
from streams.exits import BrokerUnavailableError, GreenroomError, UsageError
from streams.settings import ClusterSettings

__all__ = ["Administration", "Lag", "ensure_topics", "wait_for_broker"]

_REQUEST_TIMEOUT_S = 15.0
_FEW = 64
_AGAIN_S = 0.5


@dataclass(frozen=True)
class Lag:
    """How far a consumer group is behind the end of one partition, in records."""

    group: str
    topic: str
    partition: int
    committed: int
    end: int
    empty: int = 0
    """Offsets between that hold no record: markers of transactions, aborted records; counted where few are left."""

    @property
    def records(self) -> int:
        """Records between the group's offset and the end."""
        return max(0, self.end - self.committed - self.empty)


class Administration:
    """A connection to a cluster for looking after topics and groups; open it once and keep it."""

    def __init__(self, settings: ClusterSettings, *, timeout_s: float = _REQUEST_TIMEOUT_S) -> None:
        """``timeout_s`` bounds the connection and each request."""
        self.settings = settings
        milliseconds = int(timeout_s * 1000)
        try:
            self._client = KafkaAdminClient(
                **settings.kafka_python(),
                client_id="greenroom-administration",
                bootstrap_timeout_ms=milliseconds,
                request_timeout_ms=milliseconds,
            )
        except (KafkaError, OSError) as error:
            raise unavailable(settings, timeout_s, str(error)) from error

    def __enter__(self) -> "Administration":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def _ask(self, request: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """The client's answer, or an error fit to read; an existing topic is the caller's matter."""
        try:
            return request(*arguments, **options)
        except TopicAlreadyExistsError:
            raise
        except KafkaError as error:
            if error.retriable:
                raise unavailable(self.settings, _REQUEST_TIMEOUT_S, str(error)) from error
            raise GreenroomError(f"Kafka at {self.settings.bootstrap} refuses: {error}") from error

    def brokers(self) -> list[int]:
        """Ids of the brokers that are up."""
        return live_brokers(self.settings, timeout_s=_REQUEST_TIMEOUT_S)

    def broker_setting(self, name: str) -> str | None:
        """A setting of the first broker, or None if it does not tell."""
        broker = str(self.brokers()[0])
        resource = ConfigResource(ConfigResourceType.BROKER, broker)
        found = self._ask(self._client.describe_configs, [resource], config_filter="all")["broker"][broker]
        setting: str | None = found.get(name, {}).get("value")
        return setting

    def ensure_topics(
        self,
        run: str,
        *,
        partitions: int | None = None,
        history: timedelta = timedelta(0),
        overrides: Mapping[str, Mapping[str, str]] | None = None,
    ) -> list[str]:
        """Create the run's absent topics and check the present ones; returns the names of those created.

        The arguments are those of :func:`wanted_topics`. All have leaders afterwards. Raises
        :class:`UsageError` naming every topic and setting that is not as wanted; then nothing is created.
        """
        wanted = wanted_topics(
            run, brokers=len(self.brokers()), partitions=partitions, history=history, overrides=overrides
        )
        found = {state.name: state for state in self.describe_topics([topic.name for topic in wanted])}
        wrong = [
            line
            for topic in wanted
            if found[topic.name].present
            for line in deviations(topic, found[topic.name])
        ]
        if wrong:
            raise UsageError("\n".join(wrong))
        absent = [topic for topic in wanted if not found[topic.name].present]
        self.create_topics(absent)
        return [topic.name for topic in absent]

    def create_topics(self, topics: Iterable[WantedTopic]) -> None:
        """Create these topics and wait until every partition has a leader."""
        options = {
            topic.name: {
                "num_partitions": topic.partitions,
                "replication_factor": topic.replication,
                "configs": dict(topic.config),
            }
            for topic in topics
        }
        if options:
            with suppress(TopicAlreadyExistsError):  # another process of the run was quicker
                self._ask(self._client.create_topics, options)
            self._ask(self._client.wait_for_topics, list(options), timeout_ms=int(_REQUEST_TIMEOUT_S * 1000))

    def delete_topics(self, names: Iterable[str]) -> None:
        """Delete these topics, and whatever they hold."""
        self._ask(self._client.delete_topics, list(names))

    def topics_of(self, run: str) -> list[str]:
        """Qualified names of the topics on the cluster that belong to a run."""
        return sorted(name for name in self._ask(self._client.list_topics) if name.startswith(f"{run}."))

    def describe_topics(self, names: Iterable[str]) -> list[TopicState]:
        """Each topic's state, in the order of the names; an absent one has no partitions."""
        names = list(names)
        described = {topic["name"]: topic for topic in self._ask(self._client.describe_topics, names)}
        present = [name for name in names if _present(described.get(name))]
        configs = self._configs(present)
        return [
            _state(described[name], configs[name]) if name in configs else TopicState(name) for name in names
        ]

    def _configs(self, names: list[str]) -> dict[str, dict[str, str]]:
        if not names:
            return {}
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        found = self._ask(self._client.describe_configs, resources, config_filter="all")["topic"]
        return {name: {key: found[name][key]["value"] for key in found[name]} for name in names}

    def ends(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        """The offset after the last record of each partition."""
        found = self._ask(self._client.list_partition_offsets, dict.fromkeys(partitions, OffsetSpec.LATEST))
        return {partition: offset.offset for partition, offset in found.items()}

    def lag(self, groups: Iterable[str]) -> list[Lag]:
        """How far each group is behind, on every partition where it has committed an offset."""
        committed = self._ask(self._client.list_group_offsets, list(groups))
        ends = self.ends({partition for offsets in committed.values() for partition in offsets})
        return [
            Lag(group, place.topic, place.partition, offset.offset, ends[place], empty.get(place, 0))
            for group, offsets in sorted(committed.items())
            for empty in [self._empty({place: offset.offset for place, offset in offsets.items()}, ends)]
            for place, offset in sorted(offsets.items())
        ]

    def _empty(
        self, committed: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
    ) -> dict[TopicPartition, int]:
        """Who has read all has still the last marker before him; whether it is that, only reading tells."""
        few = {
            place: (offset, ends[place])
            for place, offset in committed.items()
            if 0 < ends[place] - offset <= _FEW
        }
        found: dict[TopicPartition, int] = self._ask(empty_offsets, self.settings, few)
        return found

    def groups_of(self, run: str) -> list[str]:
        """Names of the consumer groups on the cluster that belong to a run."""
        return sorted(
            group["group_id"]
            for group in self._ask(self._client.list_groups)
            if group["group_id"].startswith(run)
        )


def ensure_topics(
    settings: ClusterSettings,
    run: str,
    *,
    partitions: int | None = None,
    history: timedelta = timedelta(0),
    overrides: Mapping[str, Mapping[str, str]] | None = None,
    patience_s: float = _REQUEST_TIMEOUT_S,
) -> list[str]:
    """Create and check a run's topics once: see :meth:`Administration.ensure_topics`.

    A broker that goes away in the middle is asked again, as are the others, for ``patience_s``.
    """
    end = time.monotonic() + patience_s
    while True:
        try:
            with Administration(settings) as administration:
                return administration.ensure_topics(
                    run, partitions=partitions, history=history, overrides=overrides
                )
        except BrokerUnavailableError:
            if time.monotonic() > end:
                raise
            time.sleep(_AGAIN_S)


def _present(described: Mapping[str, Any] | None) -> bool:
    if described is None or described["error_code"] == UnknownTopicOrPartitionError.errno:
        return False
    if described["error_code"]:
        raise for_code(described["error_code"])(described["name"])
    return True


def _state(described: Mapping[str, Any], config: Mapping[str, str]) -> TopicState:
    partitions = described["partitions"]
    return TopicState(
        name=described["name"],
        partitions=len(partitions),
        replication=len(partitions[0]["replica_nodes"]),
        leaderless=sum(partition["leader_id"] < 0 for partition in partitions),
        config=config,
    )
