"""Synchronised posting: accounts that speak at the same moment, each in words of its own."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from sim.adversaries.lag import AnyLag
from sim.adversaries.lags.exponential import Exponential
from sim.adversaries.vocabulary import link
from sim.adversaries.waves import Act, Wave, WaveCampaign
from sim.durations import MINUTE, Duration

__all__ = ["Synchronised"]


class Synchronised(WaveCampaign):
    """All accounts share one link at a planned moment, a new link in each burst, no two texts alike.

    Exponential lags of five seconds are found by a pairwise co-share rule of ten seconds (CooRTweet's default);
    ``lag: {kind: uniform, most: 2h}`` evades it. Text similarity finds nothing: the time is what tells.

    >>> Synchronised(name="chorus").lag.mean
    5000
    """

    kind: Literal["synchronised"] = "synchronised"
    lag: AnyLag = Exponential()
    """How long members wait before they act."""
    links: int = Field(default=3, ge=1, le=100)
    """Links shared in each wave, one burst each."""
    apart: Duration = Field(default=5 * MINUTE, ge=0)
    """Time between the bursts of a wave."""

    def acts(self, wave: Wave) -> Iterator[Act]:
        """A burst for each link."""
        for burst in range(self.links):
            item, shared = wave.item(), link(int(wave.rng.integers(2**62)))
            members = wave.members()
            for lag, member in zip(wave.lags(len(members)), members, strict=True):
                recipe = wave.disguised(wave.sharing(item, shared), member)
                yield Act(burst * self.apart + int(lag), member, "amplifier", "post", item, recipe)
