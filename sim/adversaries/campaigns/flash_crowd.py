"""Flash crowd: an organic look-alike, everybody speaks of the same moment."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from sim.adversaries.lag import AnyLag
from sim.adversaries.lags.lognormal import Lognormal
from sim.adversaries.waves import Act, Wave, WaveCampaign
from sim.durations import MINUTE

__all__ = ["FlashCrowd"]


class FlashCrowd(WaveCampaign):
    """People who write about one item within minutes, because they all saw the same thing at the same time.

    As fast as a campaign, but each crowd is made of other people: pairs that meet twice are rare. Nothing violates.

    >>> FlashCrowd(name="goal", accounts=200).every
    3600000
    """

    kind: Literal["flash_crowd"] = "flash_crowd"
    policy: Literal["none"] = "none"
    """A crowd violates nothing."""
    lag: AnyLag = Lognormal(median=2 * MINUTE, spread=1.0)
    """How long members wait before they act."""
    present: float = Field(default=0.3, gt=0, le=1)
    """Part of the accounts that is there in a wave."""

    def acts(self, wave: Wave) -> Iterator[Act]:
        """Those who are there write."""
        item = wave.item()
        members = wave.members()[: max(1, round(self.present * len(wave.troupe)))]
        for lag, member in zip(wave.lags(len(members)), members, strict=True):
            yield Act(int(lag), member, "organic", "comment", item, wave.recipe(item))
