"""Breaking news: an organic look-alike, one link that everybody shares."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from sim.adversaries.lag import AnyLag
from sim.adversaries.lags.circadian import Circadian
from sim.adversaries.vocabulary import link
from sim.adversaries.waves import Act, Wave, WaveCampaign

__all__ = ["BreakingNews"]


class BreakingNews(WaveCampaign):
    """The same links shared by many who do not know each other, over hours and asleep at night.

    Several stories a wave, so that the same pair may well share two of them: the hardest look-alike for a pairwise
    co-share rule. Nothing violates.

    >>> BreakingNews(name="news").stories
    3
    """

    kind: Literal["breaking_news"] = "breaking_news"
    policy: Literal["none"] = "none"
    """News violates nothing."""
    lag: AnyLag = Circadian()
    """How long members wait before they act."""
    stories: int = Field(default=3, ge=1, le=100)
    """Links in each wave."""

    def acts(self, wave: Wave) -> Iterator[Act]:
        """Every member shares every story."""
        for _ in range(self.stories):
            item, shared = wave.item(), link(int(wave.rng.integers(2**62)))
            members = wave.members()
            for lag, member in zip(wave.lags(len(members)), members, strict=True):
                recipe = wave.recipe(item, function="shared_story", link=shared)
                yield Act(int(lag), member, "organic", "post", item, recipe)
