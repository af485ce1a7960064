"""A service behind a pair of topics: asked and understood on both brokers, late and lost answers counted."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread
from typing import Any

import orjson
import pytest
from confluent_kafka import Consumer, Message, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from sim.scenario import Scenario
from sim.testing import tiny_scenario
from streams.exits import UsageError
from streams.loadtest.arrivals import Arrivals, LoadProfile
from streams.loadtest.exchange import Answer
from streams.loadtest.kafka import KafkaPair
from streams.loadtest.open_loop import OpenLoop
from streams.loadtest.play import Play
from streams.loadtest.recommender.trial import Trial
from streams.recommenders.kafka import Kafka
from streams.settings import ClusterSettings

Respond = Callable[[Message], list[dict[str, Any]]]


@contextmanager
def answering(settings: ClusterSettings, run: str, respond: Respond) -> Iterator[tuple[str, str]]:
    """A service in a thread: ``respond`` makes the records (arguments of ``produce``) that answer a request."""
    asked, answered = f"{run}.asked", f"{run}.answered"
    admin = AdminClient(settings.librdkafka())
    for future in admin.create_topics([NewTopic(asked, 2, 1), NewTopic(answered, 3, 1)]).values():
        future.result(20)
    end, ready = Event(), Event()

    def serve() -> None:
        consumer = Consumer(
            {**settings.librdkafka(), "group.id": f"{run}.service", "auto.offset.reset": "earliest"}
        )
        producer = Producer({**settings.librdkafka(), "linger.ms": 1})
        consumer.subscribe([asked], on_assign=lambda *_: ready.set())
        while not end.is_set():
            message = consumer.poll(0.05)
            if message is not None and not message.error():
                for record in respond(message):
                    producer.produce(answered, **record)
                producer.poll(0)
        producer.flush(5)
        consumer.close()

    thread = Thread(target=serve, daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield asked, answered
    finally:
        end.set()
        thread.join()


def test_answers_are_found_by_header_key_or_value_and_late_ones_counted(
    broker: ClusterSettings, run_name: str
) -> None:
    def respond(message: Message) -> list[dict[str, Any]]:
        key, value = message.key() or b"", message.value() or b""
        match json.loads(value)["n"] % 5:
            case 0:
                return [{"key": "other", "value": value, "headers": [("correlation_id", key)]}]
            case 1:
                return [{"key": key, "value": value}]
            case 2:
                return [{"value": json.dumps({"request_id": key.decode()}).encode()}]
            case 3:
                return []
        return [{"key": key, "value": value}] * 2

    def write(requests: Sequence[Any]) -> tuple[str, bytes]:
        return f"{run_name}-{requests[0]}", json.dumps({"n": requests[0]}).encode()

    def judge(answer: Answer) -> Sequence[str | None]:
        return [None]

    with answering(broker, run_name, respond) as (asked, answered):
        pair = KafkaPair(broker, asked, answered)
        with OpenLoop(pair, deadline_s=5.0) as loop:
            load = Arrivals(LoadProfile.parse(rate=100, seconds=1), "constant", seed=1)
            measured = Play(loop, load, count(), write, judge).play()
    assert measured.requests == 100
    assert measured.errors == {"timeout": 20}
    assert pair.late == 20


def scenario() -> Scenario:
    tiny = tiny_scenario(campaigns=(), shifts=(), media=())
    catalog = tiny.catalog.model_copy(update={"launches": ()})
    audience = tiny.audience.model_copy(update={"viewers": 4000})
    return tiny.model_copy(update={"audience": audience, "catalog": catalog})


def test_the_audience_asks_a_recommender_through_topics(broker: ClusterSettings, run_name: str) -> None:
    def respond(message: Message) -> list[dict[str, Any]]:
        request = orjson.loads(message.value() or b"")
        slate = {"request_id": request["request_id"], "items": [f"t{n:07d}" for n in range(request["k"])]}
        return [{"key": message.key(), "value": orjson.dumps(slate)}]

    with answering(broker, run_name, respond) as (asked, answered):
        service = Kafka(requests=asked, responses=answered, broker=broker.bootstrap, deadline="5s")
        trial = Trial(
            scenario(), service, Arrivals(LoadProfile.parse(rate=100, seconds=1), "constant", seed=1)
        )
        trial.run()
    figures = trial.measured.summary() | trial.summary()
    assert figures["requests"] == figures["slates"] == 100
    assert figures["outcomes"]["slates"] > 50
    assert trial.outcomes.exposure.counts.nonzero()[0].max() == 15


def test_topics_that_are_not_there_are_told(embedded_broker: ClusterSettings) -> None:
    with pytest.raises(UsageError, match=r"unknown topic 'no\.such'.*create 'no\.such' first"):
        OpenLoop(KafkaPair(embedded_broker, "no.such", "nor.this"), deadline_s=1.0).__enter__()
