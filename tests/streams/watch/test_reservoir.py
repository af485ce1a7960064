import numpy as np
import pytest

from sim.seeds import rng_for
from streams.watch.drift.reservoir import Reservoir


@pytest.mark.parametrize("pieces", [1, 3, 40])
def test_keeps_the_smallest_digests_whatever_the_order(pieces: int) -> None:
    rng = rng_for(1, "reservoir")
    times, values = rng.integers(0, 1000, 5000), rng.normal(size=5000)
    marks = rng.permutation(5000).astype(np.uint64)
    reservoir = Reservoir(most=300)
    for rows in np.array_split(rng.permutation(5000), pieces):
        reservoir.add(times[rows], values[rows], marks[rows])
    kept = np.flatnonzero(marks < 300)
    kept_times, kept_values = reservoir.columns()
    order = np.lexsort((marks[kept], times[kept]))
    assert kept_times.tolist() == times[kept][order].tolist()
    assert kept_values.tolist() == values[kept][order].tolist()
    assert reservoir.seen == 5000


def test_an_empty_one_has_empty_columns() -> None:
    times, values = Reservoir().columns()
    assert len(times) == len(values) == 0
