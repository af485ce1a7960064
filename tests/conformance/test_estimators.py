"""Every estimator: exact on a log of the policy itself, unbiased on a coin, and a plug-in like all others."""

from typing import Any

import numpy as np
import pytest

from sim.evaluation.estimator import ESTIMATORS, Estimator
from sim.evaluation.evidence import Evidence
from tests.conformance.plugins import PluginSuite, kinds


def coin(seed: int, count: int = 4_000) -> Evidence:
    """Two items shown with 0.3 and 0.7, of which the first earns 1 and the second 0.2; judged is 0.8 and 0.2."""
    rng = np.random.default_rng(seed)
    first = rng.random((count, 1)) < 0.3
    reward = np.where(first, 1.0, rng.random((count, 1)) < 0.2)
    return Evidence(
        np.arange(count),
        reward,
        np.where(first, 0.3, 0.7),
        np.where(first, 0.8, 0.2),
        np.where(first, 0.9, 0.3),
        np.full(count, 0.8 * 0.9 + 0.2 * 0.3),
    )


@kinds(ESTIMATORS)
class TestEstimators(PluginSuite):
    family: Any = ESTIMATORS

    def test_the_schema_of_scenarios_has_it(self, kind: str, plugin: Any) -> None:
        """Estimators are asked for on the command line, not in scenarios."""

    def test_it_finds_what_the_other_policy_would_earn(self, plugin: Estimator) -> None:
        told = [plugin.estimate(coin(seed)) for seed in range(40)]
        truth = 0.8 * 1 + 0.2 * 0.2
        values = np.array([one.value for one in told])
        assert abs(values.mean() - truth) < 4 * values.std() / 40**0.5 + 1e-4
        assert sum(one.covers(truth) for one in told) >= 33

    def test_its_interval_holds_its_value_and_shrinks(self, plugin: Estimator) -> None:
        few, many = plugin.estimate(coin(1, 500)), plugin.estimate(coin(1, 8_000))
        assert few.low < few.value < few.high
        assert many.high - many.low < 0.5 * (few.high - few.low)
        assert (few.groups, many.groups) == (500, 8_000)

    def test_slates_of_one_viewer_are_no_news(self, plugin: Estimator) -> None:
        once = coin(2, 500)
        again = Evidence(
            *(None if part is None else np.concatenate([part] * 4) for part in vars(once).values())
        )
        assert plugin.estimate(again).high == pytest.approx(plugin.estimate(once).high, rel=0.01)
