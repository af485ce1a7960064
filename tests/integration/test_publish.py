"""What was published is what an independent reader finds: on both brokers, byte for byte."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kafka.partitioner.default import murmur2

from streams.delivery import digests, parse_event_ids
from streams.settings import ClusterSettings
from streams.topics import topic_named
from tests.streams.publish.program import Greenroom, records_of

SCENARIO = ("short_video", "--viewers", "2500", "--seed", "7", "--set", "audience.block=512")
SPAN = ("--for", "15m")


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    """The same run as JSON lines, by topic."""
    folder = tmp_path_factory.mktemp("lines")
    with Greenroom(folder, *SCENARIO, *SPAN, "--speed", "max", "--sink", f"jsonl:{folder}") as program:
        assert program.ended()[0] == 0
    return {
        path.stem: path.read_bytes().splitlines() for path in folder.glob("*.jsonl") if path.stem != "audit"
    }


def closed(found: dict[str, list[Any]]) -> dict[str, Any]:
    """The last word of the run about itself."""
    last: dict[str, Any] = json.loads(found["audit"][-1].value)
    assert last["kind"] == "closed"
    return last


def proofs(found: dict[str, list[Any]]) -> dict[tuple[str, int], tuple[int, int]]:
    """Counts and digests by topic and partition, from what was read."""
    told: dict[tuple[str, int], tuple[int, int]] = {}
    for topic, records in found.items():
        if topic == "audit":
            continue
        for partition in {record.partition for record in records}:
            here = [json.loads(r.value)["event_id"].encode() for r in records if r.partition == partition]
            told[topic, partition] = (len(here), int(digests(*parse_event_ids(here)).sum()))
    return told


def claimed(record: dict[str, Any]) -> dict[tuple[str, int], tuple[int, int]]:
    return {(p["topic"], p["partition"]): (p["count"], int(p["digest"])) for p in record["published"]}


@pytest.mark.parametrize(
    "pace", [("--speed", "max"), ("--speed", "300x", "--backfill", "5m", "--for", "10m")]
)
def test_every_record_is_read_back_as_it_was_written(
    broker: ClusterSettings,
    run_name: str,
    tmp_path: Path,
    lines: dict[str, list[bytes]],
    pace: tuple[str, ...],
) -> None:
    span = SPAN if "--for" not in pace else ()
    target = ("--broker", broker.bootstrap, "--run", run_name)
    with Greenroom(tmp_path, *SCENARIO, *span, *pace, *target) as program:
        code, out, told = program.ended()
    assert code == 0, told
    found = records_of(broker, run_name)
    assert set(found) == {*lines, "audit"}
    for topic, written in lines.items():
        key = topic_named(topic).key
        partitions = topic_named(topic).partitions
        expected: dict[int, list[bytes]] = {}
        for line in written:
            expected.setdefault(
                (murmur2(json.loads(line)[key].encode()) & 0x7FFFFFFF) % partitions, []
            ).append(line)
        read: dict[int, list[bytes]] = {}
        for record in found[topic]:
            read.setdefault(record.partition, []).append(record.value)
        assert read == expected, topic
        for record in found[topic]:
            event = json.loads(record.value)
            assert (record.key.decode(), record.timestamp) == (event[key], event["occurred_at"])
    summary = json.loads(out)
    counts = {topic: len(records) for topic, records in found.items() if topic != "audit"}
    assert summary["by_topic"] == counts
    assert summary["published"] == summary["acknowledged"] == sum(counts.values())
    assert claimed(closed(found)) == proofs(found)


def test_headers_say_what_a_record_is(broker: ClusterSettings, run_name: str, tmp_path: Path) -> None:
    target = ("--broker", broker.bootstrap, "--run", run_name, "--partitions", "2")
    with Greenroom(tmp_path, *SCENARIO, "--for", "10m", "--speed", "max", *target) as program:
        assert program.ended()[0] == 0
    found = records_of(broker, run_name)
    assert {record.partition for record in found["journeys"]} == {0, 1}
    assert found["content"]
    for record in [*found["content"], *found["catalog"][:50], *found["truth"]]:
        headers, event = dict(record.headers), json.loads(record.value)
        assert headers["ce_id"].decode() == event["event_id"]
        assert headers["ce_type"].decode().split(".")[2] == event["kind"]
        assert headers["greenroom-synthetic"] == b"true"
    assert not any(record.headers for record in found["journeys"])


def test_sigterm_delivers_what_was_begun_and_closes_the_books(
    broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    target = ("--broker", broker.bootstrap, "--run", run_name)
    with Greenroom(tmp_path, *SCENARIO, "--speed", "120x", *target) as program:
        program.until_acknowledged(3_000)
        program.terminate()
        code, out, told = program.ended()
    assert code == 0, told
    found, summary = records_of(broker, run_name), json.loads(out)
    counts = Counter(topic for topic, records in found.items() if topic != "audit" for _ in records)
    assert summary["published"] == summary["acknowledged"] == sum(counts.values())
    assert claimed(closed(found)) == proofs(found)
    ids = [json.loads(record.value)["event_id"] for records in found.values() for record in records]
    assert len(ids) == len(set(ids))
    for topic in ("journeys", "content"):
        source, number = parse_event_ids(
            [json.loads(r.value)["event_id"].encode() for r in found.get(topic, ())]
        )
        for one in np.unique(source):
            assert sorted(number[source == one]) == list(range(np.count_nonzero(source == one)))


def test_shards_publish_the_whole_side_by_side(
    real_broker: ClusterSettings, run_name: str, tmp_path: Path, lines: dict[str, list[bytes]]
) -> None:
    target = ("--broker", real_broker.bootstrap, "--run", run_name, "--speed", "max")
    for number in range(2):
        with Greenroom(tmp_path, *SCENARIO, *SPAN, *target, "--shard", f"{number}/2") as program:
            assert program.ended()[0] == 0
    found = records_of(real_broker, run_name)
    for topic, written in lines.items():
        assert Counter(record.value for record in found[topic]) == Counter(written)
    last = {json.loads(r.value)["shard"]: json.loads(r.value) for r in found["audit"]}
    assert {record["kind"] for record in last.values()} == {"closed"}
    assert sum(p["count"] for record in last.values() for p in record["published"]) == sum(
        map(len, lines.values())
    )
