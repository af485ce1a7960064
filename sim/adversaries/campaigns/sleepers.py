"""Sleepers: accounts that behave for a long time, and then do not."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from sim.adversaries.waves import Act, Wave, WaveCampaign

__all__ = ["Sleepers"]


class Sleepers(WaveCampaign):
    """Accounts that write harmless things for some waves, and violate a policy from then on.

    What they wrote before is benign and labelled so; a reputation that is learnt from it is what they are after.

    >>> Sleepers(name="moles", dormant=10).dormant
    10
    """

    kind: Literal["sleepers"] = "sleepers"
    dormant: int = Field(default=6, ge=1)
    """Waves in which nothing but benign texts is posted."""

    def acts(self, wave: Wave) -> Iterator[Act]:
        """Something harmless, or what they were waiting for."""
        awake = wave.number >= self.dormant
        members = wave.members()
        for lag, member in zip(wave.lags(len(members)), members, strict=True):
            item = wave.item()
            if awake:
                recipe = wave.disguised(wave.recipe(item), member)
                yield Act(int(lag), member, "sleeper", "comment", item, recipe)
            else:
                yield Act(int(lag), member, "sleeper", "comment", item, wave.recipe(item, policy="none"))
