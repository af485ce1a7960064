"""ADWIN against river's, which is written by others."""

import numpy as np
import pytest
from river.drift import ADWIN

from sim.seeds import rng_for
from streams.watch.drift.adwin import Adwin


def with_shift(seed: int, shift: float, count: int = 3000) -> np.ndarray:
    rng = rng_for(seed, "adwin")
    return np.concatenate([rng.uniform(0, 0.6, count), rng.uniform(0, 0.6, count) + shift])


@pytest.mark.parametrize(("seed", "shift"), [(1, 0.0), (2, 0.05), (3, 0.1), (4, 0.2), (5, 0.4), (6, -0.3)])
def test_agrees_with_river_up_to_the_first_change(seed: int, shift: float) -> None:
    river, ours = ADWIN(), Adwin()
    for value in with_shift(seed, shift).tolist():
        river.update(value)
        changed = ours.update([value]) is not None
        assert changed == river.drift_detected
        if changed:
            break
        assert ours.width == river.width
        assert ours.mean == pytest.approx(river.estimation)
    assert bool(ours.changes) == (shift != 0)


def test_the_window_forgets_what_was_before() -> None:
    adwin = Adwin()
    adwin.update(with_shift(7, 0.3))
    assert adwin.mean == pytest.approx(0.6, abs=0.02)
    assert adwin.width < 3200


def test_the_index_points_at_the_value() -> None:
    found = Adwin(block=32, clock=1).update(with_shift(8, 0.3))
    assert found is not None
    assert 3000 <= found < 3300


@pytest.mark.parametrize("pieces", [1, 7, 100])
def test_pieces_give_what_the_whole_gives(pieces: int) -> None:
    values = with_shift(9, 0.1)
    whole, parts = Adwin(block=32, clock=1), Adwin(block=32, clock=1)
    whole.update(values)
    for piece in np.array_split(values, pieces):
        parts.update(piece)
    assert (parts.width, parts.changes) == (whole.width, whole.changes)
    assert parts.mean == pytest.approx(whole.mean)


def test_no_change_where_all_are_alike() -> None:
    adwin = Adwin(block=32, clock=1)
    assert adwin.update(rng_for(10, "adwin").uniform(size=320_000)) is None
    assert adwin.width == 320_000
