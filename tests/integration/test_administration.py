"""A run's topics: created if absent, checked if present, on every broker."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from streams.cluster.administration import Administration, ensure_topics, wait_for_broker
from streams.cluster.processes import free_ports
from streams.exits import BrokerUnavailableError, UsageError
from streams.settings import ClusterSettings
from streams.topics import TOPICS, qualified


def test_creates_what_is_absent_and_accepts_what_is_present(broker: ClusterSettings, run_name: str) -> None:
    created = ensure_topics(broker, run_name)
    assert created == [qualified(run_name, topic.name) for topic in TOPICS]
    assert ensure_topics(broker, run_name) == []


def test_topics_are_as_declared(broker: ClusterSettings, run_name: str) -> None:
    ensure_topics(broker, run_name, partitions=2, overrides={"journeys": {"retention.ms": "60000"}})
    with Administration(broker) as administration:
        names = administration.topics_of(run_name)
        found = {state.name: state for state in administration.describe_topics(names)}
    for topic in TOPICS:
        state = found[qualified(run_name, topic.name)]
        assert state.partitions == (2 if topic.partitions > 1 else 1)
        assert state.leaderless == 0
        assert state.config["cleanup.policy"] == topic.cleanup
    assert found[f"{run_name}.journeys"].config["retention.ms"] == "60000"
    assert found[f"{run_name}.catalog"].config["retention.ms"] == "-1"


def test_a_topic_that_differs_is_named_with_both_values_and_a_remedy(
    broker: ClusterSettings, run_name: str
) -> None:
    ensure_topics(broker, run_name, partitions=2)
    with pytest.raises(UsageError) as caught:
        ensure_topics(broker, run_name, overrides={"content": {"retention.ms": "2592000000"}})
    message = str(caught.value)
    assert f"topic {run_name}.journeys: partitions is 2, wanted 8; give --partitions 2" in message
    assert f"topic {run_name}.content: retention.ms is 604800000, wanted 2592000000" in message
    assert "--run" in message


def test_nothing_is_created_when_something_present_differs(broker: ClusterSettings, run_name: str) -> None:
    ensure_topics(broker, run_name, partitions=2)
    with Administration(broker) as administration:
        administration.delete_topics([f"{run_name}.audit"])
        with pytest.raises(UsageError):
            administration.ensure_topics(run_name, partitions=3)
        assert not administration.describe_topics([f"{run_name}.audit"])[0].present


def test_an_unknown_topic_in_the_overrides_is_refused(broker: ClusterSettings, run_name: str) -> None:
    with pytest.raises(ValueError, match=r"unknown topic 'jurneys'.*Did you mean 'journeys'"):
        ensure_topics(broker, run_name, overrides={"jurneys": {}})


def test_lag_counts_the_records_that_a_group_has_not_committed(
    broker: ClusterSettings, run_name: str
) -> None:
    ensure_topics(broker, run_name, partitions=2)
    topic, group = f"{run_name}.audit", f"{run_name}-readers"
    producer = Producer(broker.librdkafka())
    for number in range(10):
        producer.produce(topic, b"%d" % number)
    assert producer.flush(10) == 0
    consumer = Consumer(
        {
            **broker.librdkafka(),
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([topic])
    read = []
    while len(read) < 4:
        read += consumer.consume(4 - len(read), 1.0)
    consumer.commit(message=read[3], asynchronous=False)
    consumer.close()
    with Administration(broker) as administration:
        assert administration.groups_of(run_name) == [group]
        (lag,) = administration.lag([group])
    assert (lag.group, lag.topic, lag.partition, lag.committed, lag.end, lag.records) == (
        group,
        topic,
        0,
        4,
        10,
        6,
    )


def test_an_absent_broker_is_named_with_the_seconds_waited_and_the_remedies() -> None:
    (port,) = free_ports(1)
    with pytest.raises(BrokerUnavailableError) as caught:
        wait_for_broker(ClusterSettings(bootstrap=f"127.0.0.1:{port}"), 0.3)
    message = str(caught.value)
    assert f"127.0.0.1:{port} after 0 s (Connection refused)" in message
    assert "make kafka" in message
    assert "--broker" in message
    assert caught.value.exit_code == 69


def test_records_of_a_simulated_past_are_kept(broker: ClusterSettings, run_name: str) -> None:
    begins = datetime.now(UTC) - timedelta(days=300)
    ensure_topics(broker, run_name, partitions=2, history=timedelta(days=300))
    producer = Producer(broker.librdkafka())
    producer.produce(f"{run_name}.drift", b"old", timestamp=int(begins.timestamp() * 1000))
    producer.produce(f"{run_name}.drift", b"ahead", timestamp=int((begins.timestamp() + 400 * 86400) * 1000))
    assert producer.flush(10) == 0
    time.sleep(2.0)  # both brokers look for expired records twice a second or more
    partition = TopicPartition(f"{run_name}.drift", 0)
    consumer = Consumer({**broker.librdkafka(), "group.id": run_name})
    assert consumer.get_watermark_offsets(partition, timeout=10) == (0, 2)
    consumer.close()


def test_a_longer_retention_than_wanted_is_accepted(broker: ClusterSettings, run_name: str) -> None:
    ensure_topics(broker, run_name, history=timedelta(days=300))
    assert ensure_topics(broker, run_name) == []


def test_two_processes_may_create_the_topics_at_once(broker: ClusterSettings, run_name: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        created = list(pool.map(lambda _: ensure_topics(broker, run_name, partitions=2), range(4)))
    assert {name for names in created for name in names} == {
        qualified(run_name, topic.name) for topic in TOPICS
    }
