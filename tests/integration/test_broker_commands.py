"""``greenroom topics`` and ``greenroom broker``, as a user runs them."""

import json
import signal
import subprocess
import sys
from contextlib import ExitStack

import pytest
import typer
from confluent_kafka import Consumer, Producer
from typer.testing import CliRunner

from streams.cluster.availability import wait_for_broker
from streams.cluster.processes import free_ports
from streams.commands.broker import broker as broker_verb
from streams.commands.topics import topics as topics_verb
from streams.exits import BrokerUnavailableError, FailedChecksError, UsageError
from streams.settings import ClusterSettings
from streams.topics import TOPICS

PROGRAM = "import sys; from streams.commands.broker import broker; sys.exit(broker(standalone_mode=False))"


@pytest.fixture
def greenroom() -> typer.Typer:
    program = typer.Typer()
    program.add_typer(broker_verb, name="broker")
    program.command("topics")(topics_verb)
    return program


def _json(program: typer.Typer, *arguments: str) -> dict:
    result = CliRunner().invoke(program, [*arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_topics_are_listed_absent_then_created_then_present(
    greenroom: typer.Typer, broker: ClusterSettings, run_name: str
) -> None:
    flags = ["topics", "--broker", broker.bootstrap, "--run", run_name, "--partitions", "2"]
    assert not any(topic["present"] for topic in _json(greenroom, *flags)["topics"])
    names = [f"{run_name}.{topic.name}" for topic in TOPICS]
    assert _json(greenroom, *flags, "--create")["created"] == names
    listed = _json(greenroom, *flags, "--create")
    assert listed["created"] == []
    assert [topic["name"] for topic in listed["topics"]] == names
    assert all(topic["present"] and not topic["deviations"] for topic in listed["topics"])


def test_a_topic_that_differs_is_told_and_fails(
    greenroom: typer.Typer, broker: ClusterSettings, run_name: str
) -> None:
    flags = ["topics", "--broker", broker.bootstrap, "--run", run_name]
    _json(greenroom, *flags, "--create", "--partitions", "2")
    with pytest.raises(FailedChecksError, match=rf"topic {run_name}.journeys: partitions is 2, wanted 8"):
        CliRunner().invoke(greenroom, flags, catch_exceptions=False)
    with pytest.raises(UsageError, match="partitions is 2, wanted 8"):
        CliRunner().invoke(greenroom, [*flags, "--create"], catch_exceptions=False)


def test_offsets_and_lag_are_told(greenroom: typer.Typer, broker: ClusterSettings, run_name: str) -> None:
    flags = ["topics", "--broker", broker.bootstrap, "--run", run_name]
    _json(greenroom, *flags, "--create")
    producer = Producer(broker.librdkafka())
    for _ in range(7):
        producer.produce(f"{run_name}.audit", b"x")
    assert producer.flush(10) == 0
    consumer = Consumer(
        {**broker.librdkafka(), "group.id": f"{run_name}-late", "auto.offset.reset": "earliest"}
    )
    consumer.subscribe([f"{run_name}.audit"])
    while (message := consumer.poll(1.0)) is None:
        continue
    consumer.commit(message=message, asynchronous=False)
    consumer.close()
    listed = _json(greenroom, *flags, "--lag")
    assert {topic["name"]: topic["end_offsets"] for topic in listed["topics"]}[f"{run_name}.audit"] == 7
    assert listed["lag"] == [{"group": f"{run_name}-late", "topic": f"{run_name}.audit", "records": 6}]
    shown = CliRunner().invoke(greenroom, [*flags, "--lag"], catch_exceptions=False).stdout
    assert f"lag of {run_name}-late on {run_name}.audit: 6 records" in shown
    assert "forever" in shown


def test_topics_without_a_broker_is_unavailable(greenroom: typer.Typer) -> None:
    (port,) = free_ports(1)
    with pytest.raises(BrokerUnavailableError, match=rf"127.0.0.1:{port} after 1 s"):
        CliRunner().invoke(
            greenroom,
            ["topics", "--broker", f"127.0.0.1:{port}", "--broker-timeout", "1"],
            catch_exceptions=False,
        )


def test_a_broker_is_checked(greenroom: typer.Typer, broker: ClusterSettings) -> None:
    flags = ["broker", "check", "--broker", broker.bootstrap, "--only", "topic-settings", "--only", "fencing"]
    checks = _json(greenroom, *flags)["checks"]
    assert [(check["name"], check["verdict"]) for check in checks] == [
        ("topic-settings", "as Kafka"),
        ("fencing", "as Kafka"),
    ]
    shown = CliRunner().invoke(greenroom, flags, catch_exceptions=False).stdout
    assert [line.split()[0] for line in shown.splitlines()] == ["topic-settings", "fencing"]


def test_without_an_address_the_embedded_broker_is_checked(greenroom: typer.Typer) -> None:
    checks = _json(greenroom, "broker", "check", "--only", "topic-settings")["checks"]
    assert [check["verdict"] for check in checks] == ["as Kafka"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_embedded_broker_runs_until_it_is_told_to_end(how: signal.Signals) -> None:
    (port,) = free_ports(1)
    command = [sys.executable, "-c", PROGRAM, "start", "--port", str(port), "--json"]
    with ExitStack() as stack:
        program = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        stack.callback(program.kill)
        assert program.stdout is not None
        place = json.loads(program.stdout.readline())
        assert place["bootstrap"] == f"127.0.0.1:{port}"
        settings = ClusterSettings(bootstrap=place["bootstrap"])
        wait_for_broker(settings, 5.0)
        program.send_signal(how)
        assert program.wait(10) == 0
        with pytest.raises(BrokerUnavailableError):
            wait_for_broker(settings, 0.2)


@pytest.mark.parametrize("arguments", [["topics"], ["broker", "start"], ["broker", "check"]])
def test_help_has_an_example(greenroom: typer.Typer, arguments: list[str]) -> None:
    shown = CliRunner().invoke(greenroom, [*arguments, "--help"], catch_exceptions=False).stdout
    assert f"Example: greenroom {' '.join(arguments)} " in shown
