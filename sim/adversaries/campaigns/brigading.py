"""Brigading: a crowd that is sent to somebody else's page."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from sim.adversaries.lag import AnyLag
from sim.adversaries.lags.lognormal import Lognormal
from sim.adversaries.waves import Act, Wave, WaveCampaign
from sim.durations import MINUTE

__all__ = ["Brigading"]


class Brigading(WaveCampaign):
    """A caller points at an item, and brigadiers attack under everything that its creator has published.

    Replies gather on one influential target within minutes and come from accounts that were never there before; the
    reply graph is a star (reply attacks: Luceri et al. 2024). Each brigadier writes ``replies`` times.

    >>> Brigading(name="raid").policy
    'harassment'
    """

    kind: Literal["brigading"] = "brigading"
    policy: str = "harassment"
    """Policy that the texts violate, or 'none'."""
    lag: AnyLag = Lognormal(median=4 * MINUTE, spread=1.0)
    """How long members wait before they act."""
    replies: int = Field(default=2, ge=1, le=100)
    """Comments by each brigadier in a wave."""

    def acts(self, wave: Wave) -> Iterator[Act]:
        """The call, and the attack."""
        item = wave.item()
        caller, *brigadiers = wave.members()
        call = wave.recipe(item, policy="none", function="criticism")
        yield Act(0, caller, "caller", "post", item, call)
        pages = wave.cast.catalog.by_same_creator(item, wave.at)
        for _ in range(self.replies):
            for lag, member in zip(wave.lags(len(brigadiers)), brigadiers, strict=True):
                page = int(pages[int(wave.rng.integers(len(pages)))])
                recipe = wave.disguised(wave.recipe(page), member)
                yield Act(int(lag), member, "brigadier", "comment", page, recipe)
