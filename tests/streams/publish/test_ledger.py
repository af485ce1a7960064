"""The ledger counts and digests whatever it is given, however it is cut."""

from itertools import pairwise

import numpy as np
import pytest

from streams.delivery import digests
from streams.publish.ledger import Ledger
from streams.publish.records import Records


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
