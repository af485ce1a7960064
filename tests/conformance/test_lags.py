"""Every lag: never negative, reproducible, as many as asked for."""

from typing import Any, ClassVar

import numpy as np

from sim.adversaries.lag import LAGS
from tests.conformance.plugins import PluginSuite, kinds

AT = 1_767_571_200_000


@kinds(LAGS)
class TestLags(PluginSuite):
    family: Any = LAGS
    path: ClassVar[tuple[str, ...]] = ()

    def test_the_schema_of_scenarios_has_it(self, kind: str, plugin: Any) -> None:
        """Lags stand within campaigns, whose own schemas hold them."""
        assert plugin.model_json_schema()["properties"]["kind"]["const"] == kind

    def test_as_many_as_asked_for_and_none_in_the_past(self, plugin: Any) -> None:
        for count in (0, 1, 500):
            lags = plugin.after(count, at=AT, rng=np.random.default_rng(1))
            assert lags.shape == (count,)
            assert (lags >= 0).all()
            assert np.isfinite(lags).all()

    def test_the_same_generator_gives_the_same_lags(self, plugin: Any) -> None:
        one, other = (plugin.after(50, at=AT, rng=np.random.default_rng(7)) for _ in range(2))
        assert (one == other).all()
        assert (plugin.after(50, at=AT, rng=np.random.default_rng(8)) != one).any()
