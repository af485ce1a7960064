"""Every planted mess is found by the audit with its exact count, and nothing else is."""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import yaml
from confluent_kafka import Producer
from kafka import KafkaConsumer, TopicPartition

from sim.mess.mess import MESSES
from sim.testing import tiny_scenario
from streams.settings import ClusterSettings
from streams.topics import qualified
from streams.watch.auditing import audit_run
from streams.watch.intake import SOURCE_TOPICS

MESS: list[dict[str, Any]] = [
    {"kind": "late", "rate": 0.02, "by": "10m"},
    {"kind": "out_of_order", "rate": 0.05, "within": "20s"},
    {"kind": "duplicated", "rate": 0.02, "after": "30s"},
    {"kind": "dropped", "rate": 0.02, "at": "10m", "lasts": "5m", "every": "20m"},
    {"kind": "malformed", "rate": 0.02},
    {"kind": "oversized", "rate": 0.005, "size": 70_000},
    {"kind": "schema_violating", "rate": 0.02},
    {"kind": "tombstone", "rate": 0.02},
    {"kind": "clock_skew", "rate": 0.1},
    {"kind": "bot_burst", "at": "15m", "bots": 10, "lasts": "30s"},
    {"kind": "hot_key", "at": "30m", "per_second": 2, "lasts": "2m"},
]
FAULTS = ("lost", "pending", "duplicated", "reordered", "late", "corrupted")


def greenroom(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "streams", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def publish(
    settings: ClusterSettings, run: str, folder: Path, *, shards: int, mess: list[dict[str, Any]]
) -> None:
    scenario = tiny_scenario(mess=mess).model_dump(mode="json")
    path = folder / "messy.yaml"
    path.write_text(yaml.safe_dump(scenario))
    for shard in range(shards):
        done = greenroom(
            *(
                "run",
                str(path),
                "--broker",
                settings.bootstrap,
                "--run",
                run,
                "--for",
                "2h",
                "--speed",
                "max",
            ),
            *(
                "--shard",
                f"{shard}/{shards}",
                "--partitions",
                "3",
                "--checkpoints",
                str(folder / "checkpoints"),
            ),
        )
        assert done.returncode == 0, done.stderr


def audited(settings: ClusterSettings, run: str) -> tuple[int, dict[str, Any], str]:
    done = greenroom("audit", "--broker", settings.bootstrap, "--run", run, "--settle", "3s", "--json")
    return done.returncode, json.loads(done.stdout), done.stderr


@dataclass
class Reader:
    """The same questions, answered by another client, a record at a time."""

    tombstones: Counter[str] = field(default_factory=Counter)
    large: int = 0
    unreadable: int = 0
    violating: int = 0
    skewed: int = 0
    repeated: Counter[str] = field(default_factory=Counter)
    overtaken: set[str] = field(default_factory=set)
    labels: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def read(self, settings: ClusterSettings, run: str) -> "Reader":
        consumer = KafkaConsumer(
            bootstrap_servers=settings.bootstrap,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        names = {qualified(run, topic): topic for topic in SOURCE_TOPICS}
        places = [
            TopicPartition(name, number)
            for name in names
            for number in sorted(consumer.partitions_for_topic(name) or ())
        ]
        consumer.assign(places)
        consumer.seek_to_beginning()
        self._seen: set[str] = set()
        self._newest: dict[tuple[str, int, str], int] = defaultdict(lambda: -1)
        quiet = 0
        while quiet < 3:
            found = consumer.poll(timeout_ms=700, max_records=5000)
            quiet = 0 if found else quiet + 1
            for place, records in found.items():
                for record in records:
                    self._take(names[place.topic], record)
        consumer.close()
        return self

    def _take(self, topic: str, record: Any) -> None:
        if record.value is None:
            self.tombstones[topic] += 1
            name = dict(record.headers)["ce_id"].decode()
        else:
            try:
                body = orjson.loads(record.value)
                name = body["event_id"]
            except (orjson.JSONDecodeError, KeyError):
                self.unreadable += 1
                return
            self._look(topic, record, body)
        if name in self._seen:
            self.repeated[name] += 1
            return
        self._seen.add(name)
        place = topic, record.partition, name[:10]
        if int(name[11:]) < self._newest[place]:
            self.overtaken.add(name)
        self._newest[place] = max(self._newest[place], int(name[11:]))

    def _look(self, topic: str, record: Any, body: dict[str, Any]) -> None:
        if topic == "truth" and body["kind"] == "mess":
            self.labels[body["mess"]].append(body["subject"])
        if body["event_id"] in self._seen:
            return
        self.large += len(record.value) >= 70_000
        if isinstance(body.get("occurred_at"), int):
            self.skewed += body["occurred_at"] != record.timestamp
        else:
            self.violating += 1

    @property
    def seen(self) -> set[str]:
        """Every event id that was read."""
        return self._seen


def test_every_mess_is_found_with_its_exact_count(
    embedded_broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    publish(embedded_broker, run_name, tmp_path, shards=2, mess=MESS)
    code, verdict, said = audited(embedded_broker, run_name)
    assert code == 0, said
    assert verdict["proven"], verdict["doubts"]
    assert not any(verdict["beyond"].values())
    planted = verdict["planted"]
    assert set(planted) == {mess["kind"] for mess in MESS} == set(MESSES.classes())

    told = Reader().read(embedded_broker, run_name)
    labels = {mess: set(names) for mess, names in told.labels.items()}
    assert {mess: len(names) for mess, names in labels.items()} == {
        mess: counts["planted"] for mess, counts in planted.items()
    }
    assert min(counts["planted"] for counts in planted.values()) >= 3
    found = {mess: counts["found"] for mess, counts in planted.items()}
    assert found["dropped"] == len(labels["dropped"] - told.seen) == len(labels["dropped"])
    assert found["malformed"] == told.unreadable == len(labels["malformed"] - told.seen)
    assert found["oversized"] == told.large
    assert found["schema_violating"] == told.violating
    assert found["clock_skew"] == told.skewed
    assert found["duplicated"] == sum(told.repeated.values())
    assert set(told.repeated) <= labels["duplicated"]
    assert found["bot_burst"] == len(labels["bot_burst"])
    assert found["late"] == len(labels["late"] & told.overtaken)
    assert found["out_of_order"] == len(labels["out_of_order"] & told.overtaken)
    assert told.overtaken <= labels["late"] | labels["out_of_order"]
    for mess, counts in planted.items():
        assert counts["found"] + counts["traceless"] + counts["held"] == counts["planted"], mess

    assert verdict["lost"] == found["dropped"]
    assert verdict["duplicated"] == found["duplicated"]
    assert verdict["reordered"] == len(told.overtaken)
    assert verdict["corrupted"] == found["malformed"] + found["schema_violating"]
    assert verdict["published"] == verdict["audited"] + found["dropped"] + found["malformed"]
    assert verdict["audited"] == len(told.seen)
    shards = Counter[str]()
    for part in verdict["parts"]:
        shards[part["shard"]] += part["published"]
        assert part["published"] == part["audited"] + part["missing"]
    assert set(shards) == {"0/2", "1/2"}
    assert sum(shards.values()) == verdict["published"]


def test_what_was_not_planted_is_beyond_it(
    embedded_broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    publish(embedded_broker, run_name, tmp_path, shards=1, mess=[{"kind": "duplicated", "rate": 0.05}])
    before = audit_run(embedded_broker, run_name, settle_s=2)
    assert before.proven, before.doubts
    _send_again(embedded_broker, qualified(run_name, "journeys"), 40)
    verdict = audit_run(embedded_broker, run_name, settle_s=2)
    assert not verdict.proven
    # Some of them were planted twice, and are there three times now: each counts as beyond what was planted.
    assert {name: count for name, count in verdict.unexplained.as_json().items() if count} == {
        "duplicated": 40
    }
    assert verdict.planted == before.planted
    assert verdict.total.duplicated == before.total.duplicated + 40


def _send_again(settings: ClusterSettings, topic: str, count: int) -> None:
    """The first records of partition 0 once more, byte for byte."""
    place = TopicPartition(topic, 0)
    consumer = KafkaConsumer(bootstrap_servers=settings.bootstrap, isolation_level="read_committed")
    consumer.assign([place])
    consumer.seek_to_beginning()
    records: dict[bytes, Any] = {}
    while len(records) < count:
        for record in consumer.poll(timeout_ms=700, max_records=500).get(place, ()):
            records.setdefault(record.value, record)
    consumer.close()
    producer = Producer({**settings.librdkafka(), "enable.idempotence": True})
    for record in list(records.values())[:count]:
        producer.produce(topic, record.value, record.key, partition=0, timestamp=record.timestamp)
    assert producer.flush(30) == 0
