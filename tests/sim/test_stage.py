"""The stage puts events in order, and a tick can be cut anywhere."""

import numpy as np
import pytest

from sim.batch import Tick
from sim.events import kind_named
from sim.stage import Stage
from tests.sim.chronicle import Chronicle

LIKE, PLAY = kind_named("journeys", "like"), kind_named("journeys", "play")


def like(at: list[int], source: list[int]) -> dict[str, np.ndarray]:
    nothing = np.zeros(len(at), dtype=np.int64)
    times = {"at": np.array(at), "source": np.array(source)}
    return {**times, "user_id": nothing, "session_id": nothing, "item_id": nothing}


def ordered(tick: Tick, topic: str = "journeys") -> list[tuple[int, int, int]]:
    batches = tick.on(topic)
    columns = [np.concatenate([getattr(b, name) for b in batches]) for name in ("at", "source", "number")]
    return [tuple(int(column[place]) for column in columns) for place in tick.orders[topic]]


@pytest.mark.parametrize("span", [1_000, 65_536, 300_000])
def test_events_left_in_any_order_come_out_in_order_of_time(span: int) -> None:
    rng = np.random.default_rng(span)
    stage = Stage(1, span=span, sources=5, shard=(0, 1))
    at, source = rng.integers(0, 6 * span, 3_000), rng.integers(0, 5, 3_000)
    for rows in np.split(rng.permutation(3_000), 30):
        stage.emit(LIKE, like(at[rows].tolist(), source[rows].tolist()))
    told = [event for _ in range(6) for event in ordered(stage.close())]
    assert [moment for moment, _, _ in told] == sorted(at.tolist())
    for who in range(5):
        assert [number for _, owner, number in told if owner == who] == list(
            range(np.count_nonzero(source == who))
        )


def test_events_at_the_same_time_keep_the_order_in_which_they_were_left() -> None:
    stage = Stage(1, span=1_000, sources=3, shard=(0, 1))
    stage.emit(LIKE, like([5, 5, 5], [2, 0, 1]))
    assert [owner for _, owner, _ in ordered(stage.close())] == [2, 0, 1]


def test_a_shard_keeps_its_own_sources_only() -> None:
    stages = [Stage(1, span=1_000, sources=4, shard=(i, 2)) for i in range(2)]
    for stage in stages:
        stage.emit(LIKE, like([1, 2, 3, 2_000], [0, 1, 2, 3]))
    ticks = [[stage.close() for _ in range(3)] for stage in stages]
    owners = [[owner for tick in own if len(tick) for _, owner, _ in ordered(tick)] for own in ticks]
    assert owners == [[0, 2], [1, 3]]
    assert [stage.owns(5) for stage in stages] == [False, True]


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 1.0, 2.0])
def test_a_cut_tick_holds_what_is_earlier_and_nothing_else(day: Chronicle, share: float) -> None:
    tick = max(day.ticks, key=lambda tick: len(tick.orders))
    end = tick.at + int(share * tick.span)
    cut = tick.until(end)
    for topic in tick.orders:
        expected = [event for event in ordered(tick, topic) if event[0] < end]
        assert (ordered(cut, topic) if topic in cut.orders else []) == expected
    assert len(cut) == sum(map(len, cut.orders.values()))
    assert all(len(batch) for batch in cut.batches)
