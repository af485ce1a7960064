"""Tombstones count: what has no value is lost, doubled or out of order like anything else."""

import numpy as np
import pytest

from streams.watch.audit import DeliveryAudit
from streams.watch.feed import Chunk
from streams.watch.intake import take
from streams.watch.verdict import Counts
from tests.streams.watch.recorded_run import START, RecordedRun


def forgotten() -> tuple[RecordedRun, list[bytes]]:
    """Four records of a viewer, of which the second and the last are tombstones; and their event ids."""
    run = RecordedRun()
    for step, kind in enumerate(("registered", "erased", "registered", "erased")):
        run.emit("audience", 0, 0, START + step, kind, user_id="u00000000")
    return run, [f"7f3aa00000-{record.number:012d}".encode() for record in run.records]


def verdict(arrival: list[int], *, named: bool = True) -> Counts:
    run, names = forgotten()
    ends = (1, 3)
    chunk = Chunk(
        "audience",
        0,
        np.arange(len(arrival)),
        np.array([run.records[row].timestamp for row in arrival], dtype=np.int64),
        [None if row in ends else run.records[row].value for row in arrival],
        {place: names[row] for place, row in enumerate(arrival) if row in ends and named},
    )
    audit = DeliveryAudit()
    take(audit, chunk)
    for value in run.progress():
        assert audit.ledger.read(value)
    found = audit.verdict()
    assert found.proven == found.total.clean
    return found.total


def test_all_is_proven() -> None:
    assert verdict([0, 1, 2, 3]) == Counts(published=4, audited=4, tombstones=2)


@pytest.mark.parametrize(
    ("arrival", "fault"),
    [([0, 1, 2], "lost"), ([0, 1, 1, 2, 3], "duplicated"), ([0, 1, 3, 2], "reordered")],
)
def test_a_fault_is_found(arrival: list[int], fault: str) -> None:
    counts = verdict(arrival).as_json()
    assert counts[fault] == 1
    assert not verdict(arrival).clean
    others = {"lost", "duplicated", "reordered", "late", "corrupted", "pending"} - {fault}
    assert not any(counts[name] for name in others)


def test_without_its_event_id_a_tombstone_proves_nothing() -> None:
    found = verdict([0, 1, 2, 3], named=False)
    assert (found.lost, found.audited, found.tombstones, found.corrupted) == (2, 2, 2, 0)
