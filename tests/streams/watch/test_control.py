"""The control of multiple tests keeps its level, and Holm finds no less than Bonferroni."""

import numpy as np
import pytest

from sim.seeds import rng_for
from streams.watch.drift.control import Control, rejected


@pytest.mark.parametrize("control", ["holm", "bonferroni", "benjamini_hochberg"])
def test_false_alarms_of_a_window_are_bounded(control: Control) -> None:
    rng = rng_for(1, "control")
    windows = rng.random((4000, 5))
    alarms = sum(any(rejected(list(row), alpha=0.05, tests=5, control=control)) for row in windows)
    # With 4,000 windows, three standard deviations are one in a hundred.
    assert 0.03 * 4000 <= alarms <= 0.06 * 4000


def test_holm_goes_on_where_bonferroni_stops() -> None:
    p_values = [0.001, 0.015, 0.024, 0.5]
    found = {
        control: rejected(p_values, alpha=0.05, tests=4, control=control)
        for control in ("bonferroni", "holm", "benjamini_hochberg")
    }
    assert found == {
        "bonferroni": [True, False, False, False],
        "holm": [True, True, True, False],
        "benjamini_hochberg": [True, True, True, False],
    }


def test_what_is_not_at_hand_counts_as_one() -> None:
    assert rejected([0.02], alpha=0.05, tests=5, control="holm") == [False]
    assert rejected([0.009], alpha=0.05, tests=5, control="holm") == [True]
    assert rejected([], alpha=0.05, tests=5, control="holm") == []


def test_the_order_of_features_does_not_matter() -> None:
    rng = rng_for(2, "order")
    p_values = rng.random(8) ** 4
    order = rng.permutation(8)
    straight = np.array(rejected(list(p_values), alpha=0.1, tests=8, control="holm"))
    shuffled = np.array(rejected(list(p_values[order]), alpha=0.1, tests=8, control="holm"))
    assert (straight[order] == shuffled).all()
