from itertools import pairwise

import numpy as np
import pytest

from sim.seeds import rng_for
from streams.watch.numbers import NumberSet


class NaiveSet:
    """One Python set a source."""

    def __init__(self) -> None:
        self.seen: dict[int, set[int]] = {}

    def add(self, source: np.ndarray, number: np.ndarray) -> list[bool]:
        fresh = []
        for s, n in zip(source.tolist(), number.tolist(), strict=True):
            known = self.seen.setdefault(s, set())
            fresh.append(n not in known)
            known.add(n)
        return fresh


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("in_memory", [2, 1000])
def test_agrees_with_a_set_of_every_number(seed: int, in_memory: int) -> None:
    rng = rng_for(seed, "number set")
    tested, naive = NumberSet(in_memory), NaiveSet()
    sources, reach = int(rng.integers(1, 6)), int(rng.integers(50, 9000))
    for _ in range(25):
        count = int(rng.integers(0, 800))
        source = np.sort(rng.integers(0, sources, count))
        number = rng.integers(0, reach, count) if rng.random() < 0.5 else np.arange(count) % reach
        assert tested.add(source, number).tolist() == naive.add(source, number)
    for source, seen in naive.seen.items():
        absent = sorted(set(range(reach)) - seen)
        ranges = list(tested.missing(source, reach))
        assert [n for first, last in ranges for n in range(first, last + 1)] == absent
        assert all(left[1] + 1 < right[0] for left, right in pairwise(ranges))
        assert tested.distinct[source] == len(seen)
        assert tested.seen_from(source, reach // 2) == sum(n >= reach // 2 for n in seen)


def test_holds_nothing_of_what_is_complete() -> None:
    seen = NumberSet()
    for start in range(0, 1_000_000, 50_000):
        seen.add(np.zeros(50_000, dtype=np.int64), np.arange(start, start + 50_000))
    assert seen.pages <= 1
    assert not seen.add(np.zeros(3, dtype=np.int64), np.array([0, 500_000, 999_999])).any()


def test_an_unknown_source_misses_everything() -> None:
    assert list(NumberSet().missing(7, 2500)) == [(0, 2499)]
    assert list(NumberSet().missing(7, 0)) == []


def test_many_scattered_gaps_are_packed() -> None:
    seen = NumberSet(in_memory=16)
    numbers = np.arange(200_000)
    kept = numbers[numbers % 1024 != 5]
    for part in np.array_split(kept, 40):
        assert seen.add(np.zeros(len(part), dtype=np.int64), part).all()
    assert len(list(seen.missing(0, 200_000))) == np.count_nonzero(numbers % 1024 == 5)
    gaps = numbers[numbers % 1024 == 5]
    assert seen.add(np.zeros(len(gaps), dtype=np.int64), gaps).all()
    assert list(seen.missing(0, 200_000)) == []
