"""Apache Kafka, started privately: it survives the loss of a node, and is gone when the program is."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from streams.cluster import distribution
from streams.cluster.administration import Administration, ensure_topics
from streams.cluster.apache import ApacheKafka
from streams.cluster.availability import wait_for_broker
from streams.cluster.processes import free_ports
from streams.exits import BrokerUnavailableError
from streams.settings import ClusterSettings

QUIET = logging.Logger("the clients' log of lost connections", logging.CRITICAL + 1)


def test_three_nodes_keep_every_record_when_one_is_killed(
    apache_kafka: Callable[..., ApacheKafka], run_name: str
) -> None:
    kafka = apache_kafka(nodes=3)
    ensure_topics(kafka.settings, run_name, partitions=3)
    with Administration(kafka.settings) as administration:
        assert administration.brokers() == [1, 2, 3]
        (journeys,) = administration.describe_topics([f"{run_name}.journeys"])
    assert (journeys.replication, journeys.config["min.insync.replicas"]) == (3, "2")
    producer = Producer({**kafka.settings.librdkafka(), "enable.idempotence": True}, logger=QUIET)
    pid = kafka.pid(2)
    for number in range(300):
        if number == 100:
            kafka.kill(2)
            assert not psutil.pid_exists(pid)
        producer.produce(journeys.name, b"%d" % number, partition=number % 3)
        producer.poll(0.002)
    assert producer.flush(60) == 0
    kafka.restart(2)
    with Administration(kafka.settings) as administration:
        assert administration.brokers() == [1, 2, 3]
    assert sorted(_read(kafka.settings, journeys.name, 300)) == list(range(300))


def test_a_single_node_that_crashed_comes_back_with_its_data(
    apache_kafka: Callable[..., ApacheKafka], run_name: str
) -> None:
    kafka = apache_kafka()
    ensure_topics(kafka.settings, run_name, partitions=3)
    producer = Producer(kafka.settings.librdkafka(), logger=QUIET)
    for number in range(30):
        producer.produce(f"{run_name}.content", b"%d" % number, partition=number % 3)
    assert producer.flush(30) == 0
    kafka.kill(1)
    with pytest.raises(BrokerUnavailableError, match="Connection refused"):
        wait_for_broker(kafka.settings, 0.2)
    kafka.restart(1)
    assert sorted(_read(kafka.settings, f"{run_name}.content", 30)) == list(range(30))
    folder = kafka.log(1).parent
    kafka.stop(1)
    assert "did not start" not in kafka.log(1).read_text()
    assert folder.exists()


def _read(settings: ClusterSettings, topic: str, count: int) -> list[int]:
    consumer = Consumer({**settings.librdkafka(), "group.id": "reader"}, logger=QUIET)
    consumer.assign([TopicPartition(topic, number, 0) for number in range(3)])
    found: list[int] = []
    for _ in range(100):
        found += [int(message.value()) for message in consumer.consume(count, 0.3) if not message.error()]
        if len(found) >= count:
            break
    consumer.close()
    return found


@pytest.mark.skipif(bool(distribution.missing_tools()), reason="needs Java and Maven")
def test_make_kafka_ends_with_its_java_processes() -> None:
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "streams.cluster.apache", "--port", str(port), "--heap", "512m"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        said = program.stdout.readline()
        assert f"127.0.0.1:{port}" in said
        nodes = [child for child in psutil.Process(program.pid).children() if "java" in child.name()]
        assert len(nodes) == 1
        program.send_signal(signal.SIGINT)
    assert program.returncode == 0
    psutil.wait_procs(nodes, timeout=5)
    assert not [node for node in nodes if node.is_running() and node.status() != psutil.STATUS_ZOMBIE]


def test_a_node_that_does_not_start_shows_the_end_of_its_log(
    apache_kafka: Callable[..., ApacheKafka],
) -> None:
    with pytest.raises(BrokerUnavailableError, match=r"(?s)node 1 did not start.*num\.partitions"):
        apache_kafka(**{"num.partitions": "many"})


def test_missing_tools_are_named_with_the_other_ways(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(BrokerUnavailableError) as caught:
        distribution.resolve()
    message = str(caught.value)
    for words in ("Java 17", "`java`", "`mvn`", "compose", "embedded", "--broker"):
        assert words in message
