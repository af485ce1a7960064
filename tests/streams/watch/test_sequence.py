import numpy as np
import pytest

from sim.seeds import rng_for
from streams.watch.sequence import Order, grouped


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_a_loop_over_records(seed: int) -> None:
    rng = rng_for(seed, "order")
    order, newest = Order(), {}
    for _ in range(20):
        count = int(rng.integers(0, 60))
        source = rng.integers(0, int(rng.integers(1, 300)), count)
        value = rng.integers(0, 10**12, count) if rng.random() < 0.5 else np.arange(count) + 10**12
        arrangement = grouped(source)
        source, value = source[arrangement], value[arrangement]
        expected = []
        for s, v in zip(source.tolist(), value.tolist(), strict=True):
            expected.append(max(0, newest.get(s, -1) - v))
            newest[s] = max(newest.get(s, -1), v)
        assert order.behind(source, value).tolist() == expected


def test_grouping_keeps_the_order_of_arrival() -> None:
    source = np.array([70_000, 2, 70_000, 2, 1])
    assert grouped(source).tolist() == [4, 1, 3, 0, 2]
    assert grouped(source % 60_000).tolist() == [4, 1, 3, 0, 2]


def test_times_beyond_any_calendar_are_cut_not_wrapped() -> None:
    order = Order()
    behind = order.behind(np.zeros(3, dtype=np.int64), np.array([2**62, -5, 2**42 + 9]))
    assert behind.tolist() == [0, 2**42 - 1, 0]
