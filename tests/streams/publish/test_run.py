"""A run publishes exactly what the world did, when it was meant to, and closes its books truthfully."""

import json
from collections import Counter
from threading import Event
from typing import Any

import numpy as np
import pytest

from sim.testing import tiny_scenario
from streams.codec.keys import partitions_of
from streams.delivery import digests, parse_event_ids
from tests.streams.publish.conftest import PARTITIONS, Memory, run_of

HOUR = 3_600_000
START = tiny_scenario().start_ms


def proven(memory: Memory) -> dict[tuple[str, int], tuple[int, int]]:
    """What the sink was really given, by topic and partition."""
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for _, records in memory.chunks:
        ids = [json.loads(value)["event_id"].encode() for value in records.values]
        for place, digest in zip(
            records.partition.tolist(), digests(*parse_event_ids(ids)).tolist(), strict=True
        ):
            count, total = found.get((records.topic, place), (0, 0))
            found[records.topic, place] = (count + 1, (total + digest) % 2**64)
    return found


def told(record: dict[str, Any]) -> dict[tuple[str, int], tuple[int, int]]:
    return {(p["topic"], p["partition"]): (p["count"], int(p["digest"])) for p in record["published"]}


def test_records_are_complete_and_in_order_of_time(hour: Memory) -> None:
    for topic, lines in hour.lines().items():
        times = [json.loads(line)["occurred_at"] for line in lines]
        assert times == sorted(times), topic
        assert times[0] >= START
        assert times[-1] < START + HOUR
    assert hour.finished


def test_each_record_carries_its_own_time_key_kind_and_partition(hour: Memory) -> None:
    for _, records in hour.chunks:
        values = [json.loads(value) for value in records.values]
        key = {"catalog": "item_id", "truth": "subject"}.get(records.topic, "user_id")
        assert [value[key].encode() for value in values] == list(records.keys)
        assert [value["occurred_at"] for value in values] == records.at.tolist()
        assert [value["kind"] for value in values] == [records.kinds[code] for code in records.kind.tolist()]
        assert (
            partitions_of(np.array(records.keys), PARTITIONS[records.topic]).tolist()
            == records.partition.tolist()
        )


def test_content_has_headers_by_cloudevents_and_journeys_only_when_asked(hour: Memory) -> None:
    asked = Memory()
    run_of(asked, cloudevents=True, span=HOUR // 4).play()
    assert all(records.headers is None for _, records in hour.chunks if records.topic == "journeys")
    given = [records for _, records in [*asked.chunks, *hour.chunks] if records.headers]
    assert {records.topic for records in given} == {"journeys", "content", "truth", "catalog", "audience"}
    for records in given:
        assert records.headers is not None
        for value, headers in zip(records.values, records.headers, strict=True):
            record, header = json.loads(value), dict(headers)
            assert header["ce_id"].decode() == record["event_id"]
            assert header["ce_type"].decode() == f"greenroom.{records.topic}.{record['kind']}.v1"
            assert (
                np.datetime64(header["ce_time"].decode().removesuffix("+00:00"), "ms").astype(int)
                == record["occurred_at"]
            )
            fixed = [
                header[name]
                for name in ("ce_specversion", "content-type", "greenroom-synthetic", "ce_source")
            ]
            assert fixed == [b"1.0", b"application/json", b"true", b"/greenroom/tiny"]


def test_the_books_say_what_was_sent(hour: Memory) -> None:
    assert [record["kind"] for record in hour.proofs] == ["progress"] * 12 + ["closed"]
    assert told(hour.proofs[-1]) == proven(hour)
    assert hour.proofs[-1]["at"] == START + HOUR
    counts = [sum(count for count, _ in told(record).values()) for record in hour.proofs]
    assert counts == sorted(counts)


@pytest.mark.parametrize("span", [0, 1, 299_999, 300_000, 300_001, 1_234_567])
def test_a_span_cuts_exactly(hour: Memory, span: int) -> None:
    memory = Memory()
    run = run_of(memory, span=span)
    run.play()
    for topic, lines in hour.lines().items():
        earlier = [line for line in lines if json.loads(line)["occurred_at"] < START + span]
        assert memory.lines().get(topic, []) == earlier
    assert told(memory.proofs[-1]) == proven(memory)
    assert memory.proofs[-1]["at"] == START + span == run.summary()["simulated_until"]


@pytest.mark.parametrize("chunks", [0, 1, 2, 5, 9])
@pytest.mark.parametrize("speed", [None, 600.0])
def test_a_stop_in_the_middle_of_a_tick_closes_the_books_truthfully(chunks: int, speed: float | None) -> None:
    stop = Event()
    memory = Memory()
    memory.on_send = lambda: stop.set() if len(memory.chunks) >= chunks else None
    if chunks == 0:
        stop.set()
    run = run_of(memory, stop=stop, speed=speed, span=None)
    run.play()
    assert memory.finished
    assert memory.proofs[-1]["kind"] == "closed"
    assert told(memory.proofs[-1]) == proven(memory)
    assert len(memory.chunks) <= max(chunks, 0) + (5 if speed else 0)
    summary = run.summary()
    assert (
        summary["published"]
        == sum(summary["by_topic"].values())
        == sum(len(records) for _, records in memory.chunks)
    )
    assert summary["by_topic"] == dict(Counter({t: len(lines) for t, lines in memory.lines().items()}))


@pytest.mark.parametrize("speed", [60.0, 3600.0])
def test_speed_changes_when_and_nothing_else(hour: Memory, speed: float) -> None:
    memory = Memory()
    run_of(memory, speed=speed).play()
    assert memory.lines() == hour.lines()
    for now, records in memory.chunks:
        due = 1000 + (records.at - START) / (1000 * speed)
        assert (due <= now).all()
        assert (now - due).max() <= 0.26
    assert memory.clock.now == pytest.approx(1000 + HOUR / 1000 / speed, abs=0.3 + 30 / speed * 60)


def test_a_backfill_comes_at_once_and_then_it_goes_on_live(hour: Memory) -> None:
    memory = Memory()
    run_of(memory, backfill=HOUR // 2, span=HOUR // 2, speed=360.0).play()
    assert memory.lines() == hour.lines()
    for now, records in memory.chunks:
        if records.at[-1] < START + HOUR // 2:
            assert now == 1000
        else:
            assert ((records.at - START - HOUR // 2) / 360_000 <= now - 1000 + 1e-9).all()
    assert memory.clock.now > 1004


def test_a_backfill_that_ends_within_a_tick_sends_nothing_before_its_time(hour: Memory) -> None:
    memory = Memory()
    run_of(memory, backfill=1_000_000, span=HOUR - 1_000_000, speed=360.0).play()
    assert memory.lines() == hour.lines()
    for now, records in memory.chunks:
        assert ((records.at - START - 1_000_000) / 360_000 <= now - 1000 + 1e-9).all()


def test_a_slow_sink_makes_records_late_and_that_is_said() -> None:
    quick, slow = Memory(), Memory(slow=3.0)
    punctual, late = run_of(quick, speed=600.0, span=HOUR // 4), run_of(slow, speed=600.0, span=HOUR // 4)
    punctual.play()
    late.play()
    assert punctual.summary()["lateness"]["late_records"] == 0
    assert punctual.summary()["lateness"]["worst_ms"] <= 260
    told_late = late.summary()["lateness"]
    assert told_late["worst_ms"] >= 3_000
    assert told_late["late_records"] == late.published
    assert slow.lines() == quick.lines()


def test_shards_publish_the_whole_between_them(hour: Memory) -> None:
    parts = [Memory() for _ in range(3)]
    for number, memory in enumerate(parts):
        run_of(memory, shard=(number, 3)).play()
        assert memory.proofs[-1]["shard"] == f"{number}/3"
    for topic, lines in hour.lines().items():
        assert Counter(line for part in parts for line in part.lines().get(topic, [])) == Counter(lines)


def test_a_sink_that_fails_fails_the_run_and_leaves_no_thread() -> None:
    class Broken(Memory):
        def send(self, records: object) -> None:
            raise OSError("full")

    run = run_of(Broken(), speed=60.0)
    with pytest.raises(OSError, match="full"):
        run.play()
    assert run.elapsed_s > 0
