"""Engagement farming: bait, and accounts that bite."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from sim.adversaries.waves import Act, Wave, WaveCampaign

__all__ = ["EngagementFarming"]


class EngagementFarming(WaveCampaign):
    """Baiters ask for comments and shares; biters give them at once, so that rankings take the bait for popular.

    >>> EngagementFarming(name="likes").baiters
    0.1
    """

    kind: Literal["engagement_farming"] = "engagement_farming"
    policy: str = "spam"
    """Policy that the texts violate, or 'none'."""
    baiters: float = Field(default=0.1, gt=0, le=1)
    """Part of the members that set bait; the others bite."""

    def acts(self, wave: Wave) -> Iterator[Act]:
        """Bait first, bites after their lags."""
        item, members = wave.item(), wave.members()
        baits = max(1, round(self.baiters * len(members)))
        for member in members[:baits]:
            bait = wave.recipe(item, policy="spam", function="engagement_bait")
            yield Act(0, member, "baiter", "post", item, wave.disguised(bait, member))
        for lag, member in zip(wave.lags(len(members) - baits), members[baits:], strict=True):
            bite = wave.recipe(item, policy="spam", function="copied_praise")
            yield Act(int(lag), member, "biter", "comment", item, wave.disguised(bite, member))
