"""Every model of churn: rates in columns, each viewer by itself."""

from typing import Any

import numpy as np
import pytest

from sim.audience.churn import CHURNS, Churn
from sim.audience.stock import Stock
from tests.conformance.plugins import PluginSuite, kinds

TRAITS = np.concatenate([[0.0, 1 - 2.0**-53], np.random.default_rng(1).random(500)])
DAYS = np.arange(3650)


@kinds(CHURNS)
class TestChurns(PluginSuite):
    family: Any = CHURNS
    path = ("properties", "audience", "properties", "churn", "anyOf", 0)

    @pytest.mark.parametrize("spell", [1, 2, 3, 99])
    def test_rates_are_finite_and_not_negative(self, plugin: Churn, spell: int) -> None:
        for rate in (plugin.cancelling(DAYS, np.full(len(DAYS), spell)), plugin.resubscribing(DAYS)):
            assert rate.shape == DAYS.shape
            assert np.isfinite(rate).all()
            assert (rate >= 0).all()

    def test_shares_lie_between_none_and_all(self, plugin: Churn) -> None:
        last = plugin.last_session(TRAITS)
        assert ((last >= 0) & (last <= 1)).all()
        assert plugin.returners(TRAITS).dtype == np.bool_

    def test_each_viewer_stands_for_itself(self, plugin: Churn) -> None:
        assert (plugin.last_session(TRAITS)[::7] == plugin.last_session(TRAITS[::7])).all()
        assert (plugin.returners(TRAITS)[::7] == plugin.returners(TRAITS[::7])).all()
        spell = 1 + DAYS % 4
        assert (plugin.cancelling(DAYS, spell)[::7] == plugin.cancelling(DAYS[::7], spell[::7])).all()

    def test_some_leave(self, plugin: Churn) -> None:
        leaves = plugin.cancelling(DAYS, np.ones(len(DAYS))).sum() + plugin.last_session(TRAITS).sum()
        assert leaves > 0

    def test_its_stock_has_members(self, plugin: Churn) -> None:
        if plugin.contractual:
            stock = Stock.of(plugin)
            assert stock.spells.sum() == pytest.approx(1)
            assert 0 <= stock.away < 0.5
            assert stock.passed[:, -1] == pytest.approx(1)
