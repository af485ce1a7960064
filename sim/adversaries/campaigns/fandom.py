"""Fandom: an organic look-alike, people who love the same thing."""

from collections.abc import Iterator
from typing import Literal

from sim.adversaries.lag import AnyLag
from sim.adversaries.lags.circadian import Circadian
from sim.adversaries.waves import Act, Wave, WaveCampaign

__all__ = ["Fandom"]


class Fandom(WaveCampaign):
    """Fans who praise the same item within hours, wave after wave: alike in what they say, not in when.

    Nothing here violates anything. A detector of coordination that flags it has a false positive.

    >>> Fandom(name="fans").policy
    'none'
    """

    kind: Literal["fandom"] = "fandom"
    policy: Literal["none"] = "none"
    """Fans violate nothing."""
    lag: AnyLag = Circadian()
    """How long members wait before they act."""

    def acts(self, wave: Wave) -> Iterator[Act]:
        """Every fan says something kind."""
        item, members = wave.item(), wave.members()
        for lag, member in zip(wave.lags(len(members)), members, strict=True):
            yield Act(int(lag), member, "organic", "post", item, wave.recipe(item, function="praise"))
