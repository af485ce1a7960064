"""Hashtag hijack: a trending tag filled with something else."""

from collections.abc import Iterator
from typing import Literal

from sim.adversaries.waves import Act, Wave, WaveCampaign

__all__ = ["HashtagHijack"]


class HashtagHijack(WaveCampaign):
    """Posts that carry the tag of what is trending and speak of something else, until those who follow it leave.

    A wave takes the tag of one of the most popular items; its posts stand under that item.

    >>> HashtagHijack(name="tagged", accounts=12).policy
    'spam'
    """

    kind: Literal["hashtag_hijack"] = "hashtag_hijack"
    policy: str = "spam"
    """Policy that the texts violate, or 'none'."""

    def acts(self, wave: Wave) -> Iterator[Act]:
        """Every member posts under the tag, each its own text."""
        item, members = wave.item(), wave.members()
        tag = "#" + wave.cast.author.title_of(item).replace(" ", "")
        for lag, member in zip(wave.lags(len(members)), members, strict=True):
            recipe = wave.recipe(item, policy="spam", function="hashtag_flood", hashtag=tag)
            yield Act(int(lag), member, "hijacker", "post", item, wave.disguised(recipe, member))
