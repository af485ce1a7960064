"""The real program beside the tests, and an independent reader of what it published."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord

from streams.settings import ClusterSettings
from streams.topics import TOPICS

COMMAND = [sys.executable, "-m", "streams", "run"]
PATIENCE_S = 60.0


class Greenroom:
    """``greenroom run`` as a process that is gone when ``with`` ends; it keeps its files in a folder of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.announced = folder / "announced.json"
        keeping = [
            "--checkpoints",
            str(folder / "checkpoints"),
        ]  # before the arguments, which may say otherwise
        flags = ["--json", "--announce-file", str(self.announced)]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([*COMMAND, *keeping, *arguments, *flags], **pipes)

    def __enter__(self) -> "Greenroom":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def acknowledged(self) -> float:
        """What its metrics say; 0 before it has any."""
        try:
            url = json.loads(self.announced.read_text())["endpoint"]
            text = urllib.request.urlopen(f"{url}/metrics", timeout=5).read().decode()
        except (OSError, ValueError):
            return 0.0
        lines = [line for line in text.splitlines() if line.startswith("greenroom_events_acknowledged_total")]
        return float(lines[0].split()[-1]) if lines else 0.0

    def until_acknowledged(self, count: int) -> None:
        end = time.monotonic() + PATIENCE_S
        while self.acknowledged() < count:
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < end, f"{self.acknowledged()} of {count} acknowledged"
            time.sleep(0.05)

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> tuple[int, str, str]:
        """Exit code, standard output and error."""
        out, told = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, told


def records_of(settings: ClusterSettings, run: str) -> dict[str, list[ConsumerRecord]]:
    """All committed records of a run's topics, each partition in its order, as kafka-python reads them.

    What shards say to each other on ``control`` is left out: it is no event of the run.
    """
    with KafkaConsumer(
        **settings.kafka_python(), enable_auto_commit=False, isolation_level="read_committed"
    ) as consumer:
        names = {f"{run}.{topic.name}": topic for topic in TOPICS if topic.name != "control"}
        places = [TopicPartition(n, p) for n in names for p in sorted(consumer.partitions_for_topic(n) or ())]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        found: dict[str, list[ConsumerRecord]] = {}
        for record in _read(consumer, consumer.end_offsets(places)):
            found.setdefault(names[record.topic].name, []).append(record)
    return found


def _read(consumer: KafkaConsumer, ends: dict[TopicPartition, int]) -> Iterator[ConsumerRecord]:
    end = time.monotonic() + PATIENCE_S
    while any(consumer.position(place) < last for place, last in ends.items()):
        assert time.monotonic() < end, "the reader did not come to the end"
        for records in consumer.poll(timeout_ms=500, max_records=20_000).values():
            yield from records
