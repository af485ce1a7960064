"""What was planted is told from what was not, whatever comes first; and memory stays bounded."""

from dataclasses import replace
from typing import Any

import numpy as np
import orjson
import pytest

from streams.watch.audit import DeliveryAudit
from streams.watch.intake import take, take_progress
from streams.watch.pairing import Pairing
from streams.watch.planted import read_labels
from streams.watch.verdict import Planted, Verdict
from tests.streams.watch.recorded_run import START, TAG, Record, RecordedRun, chunks, progress_chunk


def run_of(count: int = 200) -> RecordedRun:
    run = RecordedRun()
    for step in range(count):
        run.emit("journeys", step % 3, step, START + step * 1000, "play", user_id="u00000001")
    return run


def label(run: RecordedRun, row: Record, mess: str, amount: int | None = None) -> Record:
    name = f"{TAG}j{row.source:05d}-{row.number:012d}"
    more: dict[str, Any] = {"subject": name, "mess": mess, "form": ""}
    record = run.emit("truth", row.source, row.partition, row.timestamp, "mess", **more, amount=amount)
    run.records.remove(record)
    return record


def verdict(records: list[Record], progress: list[bytes], labels: list[Record], *, first: bool) -> Verdict:
    audit = DeliveryAudit()
    for chunk in chunks([*labels, *records] if first else [*records, *labels]):
        take(audit, chunk)
    take_progress(audit, progress_chunk(progress))
    return audit.verdict()


def planted(
    mess: str, amount: int | None = None, *, rows: slice = slice(60, 64)
) -> tuple[RecordedRun, list[Record], list[Record], list[bytes]]:
    """A run, the rows that are hit, their labels, and the progress that counts them all."""
    run = run_of()
    hit = run.records[rows]
    labels = [label(run, row, mess, amount) for row in hit]
    return run, hit, labels, run.progress(told=[*run.records, *labels])


@pytest.mark.parametrize("first", [True, False])
def test_planted_losses_are_proven_and_others_are_not(first: bool) -> None:
    run, hit, labels, progress = planted("dropped")
    kept = [row for row in run.records if row not in hit]
    good = verdict(kept, progress, labels, first=first)
    assert good.proven, good.doubts
    assert good.total.lost == 4
    assert good.planted == {"dropped": Planted(4, 4)}
    assert good.losses == ()
    bad = verdict(kept[:-2], progress, labels, first=first)
    assert (bad.total.lost, bad.unexplained.lost) == (6, 2)
    assert [loss.ranges for loss in bad.losses] == [((66, 66),), ((65, 65),)] or len(bad.losses) == 2
    assert not bad.proven


def test_what_was_to_be_dropped_and_came_is_a_doubt() -> None:
    run, _, labels, progress = planted("dropped")
    found = verdict(run.records, progress, labels, first=False)
    assert not found.proven
    assert found.doubts == ("journeys: 4 of 4 planted as dropped show none of it",)


@pytest.mark.parametrize("first", [True, False])
def test_planted_copies(first: bool) -> None:
    run, hit, labels, progress = planted("duplicated", 500)
    good = verdict([*run.records, *hit], progress, labels, first=first)
    assert good.proven, good.doubts
    assert (good.total.duplicated, good.planted["duplicated"]) == (4, Planted(4, 4))
    bad = verdict([*run.records, *hit, hit[0], run.records[3]], progress, labels, first=first)
    assert (bad.total.duplicated, bad.unexplained.duplicated) == (6, 2)
    few = verdict([*run.records, *hit[1:]], progress, labels, first=first)
    assert few.doubts == ("journeys: 1 of 4 planted as duplicated show none of it",)


@pytest.mark.parametrize("first", [True, False])
def test_planted_lateness(first: bool) -> None:
    run, hit, labels, progress = planted("late", 90_000)
    rest = [row for row in run.records if row not in hit]
    good = verdict([*rest, *hit], progress, labels, first=first)
    assert good.proven, good.doubts
    assert (good.total.reordered, good.total.late, good.planted["late"]) == (4, 4, Planted(4, 4))
    bad = verdict([*rest[2:], *hit, *rest[:2]], progress, labels, first=first)
    assert (bad.unexplained.reordered, bad.unexplained.late) == (2, 2)
    nobody = verdict(run.records, progress, labels, first=first)
    assert nobody.proven
    assert nobody.planted == {"late": Planted(4, 0, traceless=4)}


def test_what_still_waits_at_the_end_is_no_loss() -> None:
    run, hit, labels, _ = planted("late", 10**7)
    kept = [row for row in run.records if row not in hit]
    found = verdict(kept, run.progress(told=[*kept, *labels]), labels, first=False)
    assert found.proven, found.doubts
    assert found.planted == {"late": Planted(4, 0, held=4)}
    assert found.total.lost == 0


@pytest.mark.parametrize("first", [True, False])
def test_planted_garbage_explains_as_many_unreadable_records(first: bool) -> None:
    run, hit, labels, progress = planted("malformed")
    records = [replace(row, value=b"\xff") if row in hit else row for row in run.records]
    good = verdict(records, progress, labels, first=first)
    assert good.proven, good.doubts
    assert (good.total.lost, good.total.corrupted) == (0, 4)
    more = verdict([*records, replace(hit[0], value=b"?")], progress, labels, first=first)
    assert (more.total.corrupted, more.unexplained.corrupted) == (5, 1)
    lost = verdict([row for row in records if row.value != b"\xff"], progress, labels, first=first)
    assert (lost.total.lost, lost.unexplained.lost) == (4, 4)


@pytest.mark.parametrize(
    ("mess", "spoil"),
    [
        ("schema_violating", lambda value: value.replace(b'"occurred_at":', b'"occured_at":')),
        ("oversized", lambda value: value[:-1] + b" " * 70_000 + b"}"),
        ("clock_skew", lambda value: value.replace(b'"occurred_at":1767', b'"occurred_at":1766')),
    ],
)
def test_what_shows_in_the_bytes(mess: str, spoil: Any) -> None:
    run, hit, labels, progress = planted(mess)
    records = [replace(row, value=spoil(row.value)) if row in hit else row for row in run.records]
    good = verdict(records, progress, labels, first=True)
    assert good.proven, (good.doubts, good.unexplained)
    assert good.planted == {mess: Planted(4, 4)}
    one_more = [*records[:9], replace(records[9], value=spoil(records[9].value)), *records[10:]]
    assert verdict(one_more, progress, labels, first=False).proven == (mess == "oversized")


def test_a_compacted_topic_has_gaps_and_lost_nothing() -> None:
    run = RecordedRun()
    for step in range(30):
        run.emit("catalog", 0, step % 4, START + step, "born", item_id=f"t{step % 4:07d}")
    progress = run.progress()
    audit = DeliveryAudit()
    for chunk in chunks(run.records[10:]):
        take(audit, replace(chunk, offsets=chunk.offsets + 3))
    take_progress(audit, progress_chunk(progress))
    assert audit.verdict().unexplained.lost == 10
    counts = {place: count for place, (count, _) in audit.ledger.published.items()}
    # The ends of transactions leave gaps as well: one here, on each partition.
    audit.note_offsets({place: (0, count + 1) for place, count in counts.items()})
    found = audit.verdict()
    assert (found.total.lost, found.total.superseded) == (0, 10)
    assert found.proven, found.doubts
    assert "compaction removed 10 records" in found.notes[0]
    audit.note_offsets({place: (0, count) for place, count in counts.items()})
    assert "unless up to 4 of them are lost" in audit.verdict().doubts[0]


def test_labels_that_are_none_are_left_out() -> None:
    good = {"subject": "7f3aj00012-000000000007", "mess": "late", "amount": 5, "occurred_at": 90}
    bad = [{**good, name: value} for name, value in (("subject", "x"), ("mess", 3), ("amount", "5"))]
    values = [
        *map(orjson.dumps, [good, *bad]),
        b"",
        None,
        b"[]",
        b'"x"',
        orjson.dumps({**good, "amount": 0.5}),
    ]
    (labels,) = read_labels(values)
    assert labels.number.tolist() == [7]


def test_pairs_are_forgotten() -> None:
    pairing = Pairing(final_once_seen=True)
    seen = np.vectorize(lambda number: True, otypes=[np.bool_])
    for turn in range(40):
        ids = np.arange(10_000) + turn * 10_000
        pairing.plant("late", ids, ids)
        pairing.note(ids[::2])
        if pairing.full:
            pairing.settle(seen)
        assert len(pairing.pending[0]) < 120_000
    pairing.settle(seen)
    assert (pairing.found["late"], pairing.hidden["late"], pairing.unexplained) == (200_000, 200_000, 0)
