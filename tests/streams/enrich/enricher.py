"""`greenroom enrich` as a process of its own, and the records that go in and come out."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson
from confluent_kafka import Consumer, Message, Producer

from streams.settings import ClusterSettings
from streams.topics import TOPICS, qualified

PLUGIN = Path(__file__).parent / "plugin"
_NOW = time.time_ns() // 1_000_000  # an old record would fall to the topic's retention
GREENROOM = (sys.executable, "-c", "from streams.cli import main; main()")


def command(*arguments: str) -> tuple[list[str], dict[str, str]]:
    """A greenroom command with the test generator installed, and its environment."""
    path = os.pathsep.join([str(PLUGIN), *filter(None, [os.environ.get("PYTHONPATH")])])
    return [*GREENROOM, *arguments], {**os.environ, "PYTHONPATH": path}


class Enricher:
    """An enricher with its worker processes, as one process group."""

    def __init__(self, cluster: ClusterSettings, run: str, folder: Path, *flags: str) -> None:
        self.folder, self.announced = folder, folder / f"announced-{time.monotonic_ns()}.json"
        self.log = folder / "enricher.log"
        arguments = ["--broker", cluster.bootstrap, "--run", run, "--store", str(folder / "store"), *flags]
        line, environment = command("enrich", *arguments, "--announce-file", str(self.announced))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(line, env=environment, stderr=log, start_new_session=True)

    def __enter__(self) -> "Enricher":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.kill()

    def kill(self) -> None:
        """kill -9 to the enricher and every process that it started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def end(self, number: int = signal.SIGTERM, *, within_s: float = 30) -> int:
        """Its exit code after a signal."""
        self.process.send_signal(number)
        return self.process.wait(within_s)

    def said(self) -> str:
        """What it wrote to stderr."""
        return self.log.read_text(encoding="utf-8")

    def page(self, path: str) -> str:
        """A page of its endpoint."""
        url = json.loads(self.announced.read_bytes())["endpoint"]
        with urllib.request.urlopen(url + path, timeout=5) as answer:
            return str(answer.read().decode())

    def has_enriched(self, topic: str) -> bool:
        """Whether it has enriched a record of the topic; not before it has an endpoint."""
        counted = f'greenroom_records_enriched_total{{topic="{topic}"}}'
        return self.announced.exists() and counted in self.page("/metrics")


def source(number: int, media: object = None, *, key_field: str = "item_id", key: str = "") -> dict[str, Any]:
    """A source record; ``media`` is one spec, a list of them, or nothing."""
    record = {
        "event_id": f"7f3ak00001-{number:012d}",
        "kind": "item_added",
        "occurred_at": _NOW + number,
        "schema_version": 1,
        "synthetic": True,
        key_field: key or f"item-{number}",
    }
    return record if media is None else {**record, "media": media}


def swatch(seed: int, **params: object) -> dict[str, Any]:
    """A spec for the test generator."""
    return {"kind": "swatch", "params": params, "seed": seed}


def publish(
    cluster: ClusterSettings, run: str, topic: str, records: Iterable[Mapping[str, Any] | bytes]
) -> None:
    """Publish source records, keyed as they should be; bytes go as they are."""
    producer = Producer(cluster.librdkafka())
    for record in records:
        key, value, at = b"none", record, 0
        if not isinstance(record, bytes):
            key, value = str(record.get("item_id") or record["user_id"]).encode(), orjson.dumps(record)
            at = record["occurred_at"]
        producer.produce(qualified(run, topic), value, key, timestamp=at)
    assert producer.flush(30) == 0


class Reader:
    """Reads the run's topics from their beginning, and keeps what it has read."""

    def __init__(self, cluster: ClusterSettings, run: str, *topics: str) -> None:
        self.run = run
        self.messages: dict[str, list[Message]] = {topic: [] for topic in topics}
        group = f"{run}-reader-{time.monotonic_ns()}"
        properties = {
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "log_level": 0,
        }
        self._consumer = Consumer({**cluster.librdkafka(), **properties})
        self._consumer.subscribe([qualified(run, topic) for topic in topics])

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close()

    def until(self, wanted: int, topic: str, *, distinct: str | None = None, within_s: float = 90) -> None:
        """Read until there are so many records of a topic, or so many values of one of their fields."""
        end = time.monotonic() + within_s
        while self._count(topic, distinct) < wanted:
            assert time.monotonic() < end, f"{self._count(topic, distinct)} of {wanted} records in {topic}"
            for message in self._consumer.consume(100, 0.2):
                assert message.error() is None, message.error()
                self.messages[str(message.topic()).removeprefix(f"{self.run}.")].append(message)

    def records(self, topic: str) -> list[dict[str, Any]]:
        """The records of a topic that have been read."""
        return [orjson.loads(message.value() or b"") for message in self.messages[topic]]

    def _count(self, topic: str, field: str | None) -> int:
        return len({record[field] for record in self.records(topic)}) if field else len(self.messages[topic])


ALL_TOPICS = tuple(topic.name for topic in TOPICS)
