"""Planted faults are found with their exact counts; nothing else is."""

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import orjson
import pytest

from sim.seeds import rng_for
from streams.watch.audit import DeliveryAudit
from streams.watch.intake import take, take_progress
from streams.watch.verdict import Verdict
from tests.streams.watch.recorded_run import Record, RecordedRun, busy_run, chunks, progress_chunk

FAULTS = ("lost", "pending", "duplicated", "reordered", "late", "corrupted")


def audited(records: list[Record], progress: list[bytes], *, size: int = 50) -> DeliveryAudit:
    audit = DeliveryAudit()
    for chunk in chunks(records, size=size):
        take(audit, chunk)
    take_progress(audit, progress_chunk(progress))
    return audit


def found(verdict: Verdict) -> dict[str, int]:
    counts = verdict.total.as_json()
    return {fault: counts[fault] for fault in FAULTS if counts[fault]}


@pytest.mark.parametrize("shards", [1, 3])
def test_a_clean_run_is_proven(shards: int) -> None:
    run = busy_run(1, sources=7, shards=shards)
    verdict = audited(run.records, run.progress()).verdict()
    assert verdict.proven, verdict.reasons
    assert verdict.total.published == verdict.total.audited == len(run.records)
    assert not found(verdict)


def test_lost_records_are_named() -> None:
    run = busy_run(2)
    progress = run.progress()
    gone = [row for row in run.records if row.topic == "journeys" and row.source == 1][10:13]
    kept = [row for row in run.records if row not in gone]
    verdict = audited(kept, progress).verdict()
    assert found(verdict) == {"lost": 3}
    assert [loss.ranges for loss in verdict.losses] == [((gone[0].number, gone[-1].number),)]
    assert str(verdict.losses[0]) == f"journeys: source 1 misses {gone[0].number}-{gone[-1].number}"
    assert not verdict.proven


def test_the_last_records_of_a_source_count_as_lost() -> None:
    run = busy_run(3)
    progress = run.progress()
    assert found(audited(run.records[:-9], progress).verdict()) == {"lost": 9}


def test_without_the_sources_the_partitions_still_tell_how_many_are_lost() -> None:
    run = busy_run(4)
    progress = [value.replace(b'"sources":[', b'"ignored":[') for value in run.progress()]
    verdict = audited(run.records[5:], progress).verdict()
    assert found(verdict) == {"lost": 5}
    assert verdict.losses == ()


def test_what_has_not_come_yet_is_pending() -> None:
    run = busy_run(5)
    verdict = audited(run.records[:-20], run.progress()).verdict(settled=False)
    assert found(verdict) == {"pending": 20}
    assert not verdict.proven


def test_duplicates_near_and_far() -> None:
    run = busy_run(6)
    records = [*run.records[:30], run.records[29], *run.records[30:], *run.records[:7]]
    verdict = audited(records, run.progress()).verdict()
    assert found(verdict) == {"duplicated": 8}
    assert len(verdict.examples["duplicated"]) == 8


def test_reordered_and_late_records() -> None:
    run = RecordedRun()
    rows = [run.emit("journeys", 0, 0, 1_000_000 + 10_000 * step, "play") for step in range(20)]
    swapped = [*rows[:5], rows[6], rows[5], *rows[7:]]
    assert found(audited(swapped, run.progress()).verdict()) == {"reordered": 1}
    delayed = [*rows[:5], *rows[6:15], rows[5], *rows[15:]]
    assert found(audited(delayed, run.progress()).verdict()) == {"reordered": 1, "late": 1}


def test_order_is_a_matter_of_a_partition() -> None:
    run = RecordedRun()
    rows = [run.emit("journeys", 0, step % 2, 1_000 + step, "play") for step in range(10)]
    records = sorted(rows, key=lambda row: -row.partition)
    assert not found(audited(records, run.progress()).verdict())


def test_a_clock_that_jumps_back_is_late_though_in_order() -> None:
    run = busy_run(7)
    last = max(place for place, row in enumerate(run.records) if row.topic == "journeys")
    run.records[last] = replace(run.records[last], timestamp=run.records[last].timestamp - 3_600_000)
    assert found(audited(run.records, run.progress()).verdict()) == {"late": 1}


@pytest.mark.parametrize("value", [b"", b"garbage", b"[1]", b'{"kind":"play"}'])
def test_records_that_are_none_are_corrupted(value: bytes) -> None:
    run = busy_run(8)
    progress = run.progress()
    run.records.insert(100, replace(run.records[100], value=value))
    assert found(audited(run.records, progress).verdict()) == {"corrupted": 1}


def test_records_that_nobody_published_are_corrupted() -> None:
    run = busy_run(9)
    progress = run.progress()
    run.emit("journeys", 0, 0, run.records[-1].timestamp, "play")
    run.emit("journeys", 77, 1, run.records[-1].timestamp, "play")
    assert found(audited(run.records, progress).verdict()) == {"corrupted": 2}


def test_an_altered_number_is_one_lost_and_one_foreign() -> None:
    run = busy_run(10)
    progress = run.progress()
    victim = next(place for place, row in enumerate(run.records) if row.topic == "journeys")
    changed = run.records[victim].value.replace(b"-000000", b"-100000", 1)
    run.records[victim] = replace(run.records[victim], value=changed)
    verdict = audited(run.records, progress).verdict()
    assert verdict.total.lost == 1
    assert verdict.total.corrupted == 1
    assert not verdict.proven


def test_digests_find_what_counts_do_not() -> None:
    run = busy_run(11)
    verdict = audited(run.records, [_with_digest(value, 12345) for value in run.progress()]).verdict()
    assert verdict.total.corrupted == len({(row.topic, row.partition) for row in run.records})
    assert all("digest" in doubt for doubt in verdict.doubts)


def _with_digest(value: bytes, digest: int) -> bytes:
    record = orjson.loads(value)
    for part in record["published"]:
        part["digest"] = str(digest)
    return orjson.dumps(record)


def test_an_open_shard_leaves_a_doubt() -> None:
    run = busy_run(12, shards=2)
    verdict = audited(run.records, run.progress(closed=False)).verdict()
    assert not found(verdict)
    assert verdict.doubts == ("these shards have not closed: 0/2, 1/2",)


def test_a_missing_shard_leaves_a_doubt() -> None:
    run = busy_run(13, shards=2)
    audit = audited([row for row in run.records if row.source % 2 == 0], run.progress()[:1])
    assert audit.verdict().doubts == ("these shards have not reported: 1/2",)
    assert not audit.complete


def test_nobody_reported() -> None:
    run = busy_run(14)
    assert audited(run.records, []).verdict().doubts == ("no shard has reported what it published",)


def test_malformed_progress_is_counted() -> None:
    run = busy_run(15)
    audit = audited(run.records, [b"?", *run.progress()])
    assert found(audit.verdict()) == {"corrupted": 1}


def test_removed_records_are_explained() -> None:
    run = busy_run(16)
    audit = audited(run.records[10:], run.progress())
    audit.note_offsets({("journeys", 0): (8, 9), ("journeys", 1): (2, 9), ("content", 0): (0, 9)})
    assert "journeys: the broker has removed 10 records (retention or compaction)" in audit.verdict().doubts


def test_runs_of_different_seeds_do_not_mix() -> None:
    run = busy_run(17)
    other = [replace(row, value=row.value.replace(b'"7f3a', b'"00ff', 1)) for row in run.records]
    progress = [*run.progress(), *(value.replace(b'"7f3a', b'"00ff', 1) for value in run.progress())]
    verdict = audited([*run.records, *other], progress).verdict()
    assert verdict.proven, verdict.reasons
    assert verdict.total.audited == 2 * len(run.records)


class NaiveAudit:
    """The same questions, answered a record at a time."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, int, int]] = set()
        self.newest: dict[tuple[str, int, int], tuple[int, int]] = defaultdict(lambda: (-1, -1))
        self.counts: Counter[str] = Counter()

    def take(self, row: Record) -> None:
        number, time = self.newest[row.topic, row.partition, row.source]
        fresh = (row.topic, row.source, row.number) not in self.seen
        self.counts["duplicated"] += not fresh
        self.counts["reordered"] += fresh and row.number < number
        self.counts["late"] += fresh and row.timestamp < time - 60_000
        self.seen.add((row.topic, row.source, row.number))
        self.newest[row.topic, row.partition, row.source] = max(number, row.number), max(time, row.timestamp)


@pytest.mark.parametrize("seed", range(25))
def test_agrees_with_a_naive_audit_on_random_mess(seed: int) -> None:
    rng = rng_for(seed, "mess")
    run = busy_run(seed, count=300, sources=int(rng.integers(1, 9)), shards=int(rng.integers(1, 4)))
    progress = run.progress()
    messy = [row for row in run.records if rng.random() > 0.05]
    for _ in range(int(rng.integers(0, 30))):
        messy.insert(int(rng.integers(len(messy))), messy[int(rng.integers(len(messy)))])
    for _ in range(int(rng.integers(0, 30))):
        messy.insert(int(rng.integers(len(messy))), messy.pop(int(rng.integers(len(messy)))))
    naive = NaiveAudit()
    for row in messy:
        naive.take(row)
    verdict = audited(messy, progress, size=int(rng.integers(1, 200))).verdict()
    expected = {"lost": len(run.records) - len(naive.seen), **naive.counts}
    assert found(verdict) == {fault: count for fault, count in expected.items() if count}
    assert sum(last - first + 1 for loss in verdict.losses for first, last in loss.ranges) == expected["lost"]


def test_a_million_records_leave_no_memory_behind() -> None:
    audit = DeliveryAudit()
    source = np.arange(20_000) % 16
    for turn in range(50):
        number = np.arange(20_000) // 16 + turn * 1250
        columns = np.arange(20_000), np.zeros(20_000, dtype=np.int64), source, number, number
        assert audit.observe("journeys", 0, *columns).all()
    assert audit.distinct == 1_000_000
    assert audit.pages <= 16
