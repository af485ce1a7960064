"""Copy-paste: many accounts post the same text, disguised each in its own way."""

from collections.abc import Iterator
from typing import Literal

from sim.adversaries.waves import Act, Wave, WaveCampaign

__all__ = ["CopyPaste"]


class CopyPaste(WaveCampaign):
    """Waves of one text under a popular item, perturbed by each account that copies it.

    Accounts follow after a lognormal lag: seconds for a synchronised campaign, hours for an evasive one (lag windows
    of coordination detectors run from 10 s to 10 min; Giglietto et al. 2020).

    >>> CopyPaste(name="vouchers", lag={"kind": "lognormal", "median": "2h"}).lag.median
    7200000
    """

    kind: Literal["copy_paste"] = "copy_paste"
    post_as: Literal["comment", "post", "upload"] = "comment"
    """What is posted."""

    def acts(self, wave: Wave) -> Iterator[Act]:
        """The seed account first, then all others with its text."""
        item = wave.item()
        recipe, members = wave.recipe(item), wave.members()
        for lag, member in zip(wave.lags(len(members)), members, strict=True):
            yield Act(int(lag), member, "amplifier", self.post_as, item, wave.disguised(recipe, member))
