"""False reporting: accounts that report somebody who did nothing."""

from collections.abc import Iterator
from typing import Literal

from sim.adversaries.waves import Act, Wave, WaveCampaign

__all__ = ["FalseReporting"]


class FalseReporting(WaveCampaign):
    """Reports against the pages of one innocent creator, all within minutes, so that automatic rules take it down.

    The reports violate (they are false); what they speak of does not.

    >>> FalseReporting(name="silencers", accounts=20).policy
    'spam'
    """

    kind: Literal["false_reporting"] = "false_reporting"
    policy: str = "spam"
    """Policy that the texts violate, or 'none'."""

    reason: str = "hate"
    """Policy that the reports name."""

    def acts(self, wave: Wave) -> Iterator[Act]:
        """Every member reports one of the creator's items."""
        pages = wave.cast.catalog.by_same_creator(wave.item(), wave.at)
        members = wave.members()
        for lag, member in zip(wave.lags(len(members)), members, strict=True):
            page = int(pages[int(wave.rng.integers(len(pages)))])
            recipe = wave.recipe(page, policy="spam", function="false_report")
            accused = int(wave.cast.catalog.creator[page])
            yield Act(int(lag), member, "reporter", "report", page, recipe, accused, self.reason)
