"""The calendar and the numbering against models that anyone can read, over many random histories."""

from collections import defaultdict

import numpy as np
import pytest

from sim.calendar import Calendar
from sim.numbering import MOST_SOURCES, Numbering, event_ids, seed_tag

SEEDS = range(25)


@pytest.mark.parametrize("seed", SEEDS)
def test_calendar_gives_what_a_dictionary_of_lists_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    span, first = int(rng.integers(1, 400)), int(rng.integers(0, 10_000))
    calendar, model = Calendar(span), defaultdict(list)
    name = 0
    for tick in range(first, first + 80):
        for _ in range(rng.integers(0, 4)):
            count = int(rng.integers(0, 12))
            horizon = int(rng.choice([1, 3, 17, 400, 10**6]))
            at = tick * span + rng.integers(0, horizon * span, count)
            names = np.arange(name, name + count)
            name += count
            calendar.put({"at": at, "name": names})
            for moment, own in zip(at.tolist(), names.tolist(), strict=True):
                model[moment // span].append((moment, own))
        due = calendar.pop(tick)
        found = [] if due is None else list(zip(due["at"].tolist(), due["name"].tolist(), strict=True))
        assert found == model.pop(tick, [])


def test_calendar_gives_nothing_twice() -> None:
    calendar = Calendar(10)
    calendar.put({"at": np.array([5])})
    assert calendar.pop(0) is not None
    assert calendar.pop(0) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_numbering_counts_as_a_dictionary_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sources = int(rng.integers(1, 50))
    numbering, counts = Numbering(sources), defaultdict(int)
    for _ in range(10):
        size = int(rng.integers(1, 200))
        source, order = rng.integers(0, sources, size), rng.permutation(size)
        expected = np.empty(size, dtype=np.int64)
        for place in order.tolist():
            expected[place] = counts[int(source[place])]
            counts[int(source[place])] += 1
        assert (numbering.assign(source, order) == expected).all()


def test_the_last_source_is_numbered_like_the_first() -> None:
    numbering = Numbering(MOST_SOURCES)
    source = np.array([MOST_SOURCES - 1, 0, MOST_SOURCES - 1])
    assert numbering.assign(source, np.arange(3)).tolist() == [0, 0, 1]
    with pytest.raises(ValueError, match=r"make audience\.block larger"):
        Numbering(MOST_SOURCES + 1)


def test_event_ids_have_the_width_that_is_promised() -> None:
    (name,) = event_ids(seed_tag(7), "journeys", [MOST_SOURCES - 1], [10**12 - 1])
    assert len(name) == 23
    assert len({seed_tag(seed) for seed in range(100)}) > 95
