"""The ledger counts and digests whatever it is given, however it is cut."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import orjson
import pytest

from sim.fate import Fate
from streams.delivery import digests
from streams.progress import Progress
from streams.publish.ledger import Ledger
from streams.publish.records import Records
from streams.watch import progress as told


def records(topic: str, partition: list[int], first: int = 0) -> Records:
    count = len(partition)
    number = np.arange(first, first + count)
    nothing = np.zeros(count, dtype=np.int64)
    digest = digests(nothing, number)
    return Records(
        topic,
        [b""] * count,
        [b""] * count,
        np.array(partition),
        nothing,
        digest,
        nothing.astype(np.uint8),
        ("like",),
        None,
    )


def published(ledger: Ledger) -> dict[tuple[str, int], tuple[int, int]]:
    record = ledger.progress(kind="progress", tick=1, at=2, rows={})
    return {(p["topic"], p["partition"]): (p["count"], int(p["digest"])) for p in record["published"]}


def test_counts_and_digests_by_partition() -> None:
    ledger = Ledger((1, 4), "7f3a")
    ledger.enter(records("journeys", [0, 2, 2]))
    ledger.enter(records("journeys", [5], first=3))
    ledger.enter(records("content", [1]))
    each = [int(value) for value in digests(np.zeros(4, dtype=np.int64), np.arange(4))]
    assert published(ledger) == {
        ("journeys", 0): (1, each[0]),
        ("journeys", 2): (2, (each[1] + each[2]) % 2**64),
        ("journeys", 5): (1, each[3]),
        ("content", 1): (1, each[0]),
    }
    assert ledger.published == {"journeys": 4, "content": 1}


@pytest.mark.parametrize("seed", range(5))
def test_it_does_not_matter_how_records_are_cut(seed: int) -> None:
    rng = np.random.default_rng(seed)
    partition = rng.integers(0, 8, 2_000).tolist()
    whole, cut = Ledger((0, 1), "aaaa"), Ledger((0, 1), "aaaa")
    everything = records("journeys", partition)
    whole.enter(everything)
    edges = [0, *sorted(rng.integers(0, 2_000, 9).tolist()), 2_000]
    for start, end in pairwise(edges):
        cut.enter(everything[start:end])
    assert published(cut) == published(whole)
    assert sum(count for count, _ in published(whole).values()) == 2_000


def test_progress_records_are_numbered_and_name_their_shard() -> None:
    ledger = Ledger((3, 4), "7f3a")
    first, second = (ledger.progress(kind=kind, tick=7, at=9, rows={}) for kind in ("progress", "closed"))
    assert (first["event_id"], second["event_id"]) == ("7f3ap00003-000000000000", "7f3ap00003-000000000001")
    assert (second["shard"], second["kind"], second["tick"], second["at"]) == ("3/4", "closed", 7, 9)
    assert second["published"] == []


def test_a_shard_that_closes_tells_how_far_each_of_its_sources_came() -> None:
    ledger = Ledger((1, 4), "7f3a")
    numbered = replace(
        records("journeys", [0, 1, 2, 3]), source=np.array([5, 1, 5, 1]), number=np.array([0, 0, 1, 7])
    )
    ledger.enter(numbered[:2])
    ledger.enter(numbered[2:])
    assert "numbered" not in ledger.progress(kind="progress", tick=1, at=2, rows={})
    closed = ledger.progress(kind="closed", tick=1, at=2, rows={})
    assert closed["numbered"] == {"journeys": [8, 2]}
    reader = told.Ledger()
    assert reader.read(orjson.dumps(closed))
    assert reader.sources == {("journeys", "7f3a"): {1: 8, 5: 2}}


def test_who_goes_on_knows_not_how_far_others_came_and_tells_nothing() -> None:
    first = Ledger((0, 1), "7f3a")
    first.enter(replace(records("journeys", [0]), source=np.array([0]), number=np.array([0])))
    progress = Progress.model_validate(first.progress(kind="progress", tick=1, at=2, rows={}))
    second = Ledger((0, 1), "7f3a")
    second.go_on_from(progress)
    second.enter(replace(records("journeys", [0], first=1), source=np.array([3]), number=np.array([0])))
    assert second.progress(kind="closed", tick=2, at=3, rows={})["numbered"] == {}


def test_copies_are_counted_once_and_what_is_dropped_too() -> None:
    ledger = Ledger((0, 1), "7f3a")
    fates = np.array([Fate.WHOLE, Fate.COPY, Fate.DROPPED], dtype=np.uint8)
    some = replace(records("journeys", [0, 0, 0]), fate=fates)
    ledger.enter(some)
    assert ledger.published == {"journeys": 2}
    assert len(some.sent()) == 2
