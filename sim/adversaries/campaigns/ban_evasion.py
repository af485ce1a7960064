"""Ban evasion: whoever is suspended comes back under another name and goes on."""

from collections.abc import Iterator
from typing import Literal

from sim.adversaries.troupe import Reaction
from sim.adversaries.waves import Act, Wave, WaveCampaign

__all__ = ["BanEvasion"]


class BanEvasion(WaveCampaign):
    """A few people who always say the same thing; each suspended account is replaced by a fresh one.

    What stays is the lexeme and the template: the wording of a member is drawn once and kept in every wave, so that a
    successor can be told by its text. Needs ``moderation`` in the scenario, or nobody is ever suspended.

    >>> BanEvasion(name="again").on_takedown
    'replace'
    """

    kind: Literal["ban_evasion"] = "ban_evasion"
    on_takedown: Reaction = "replace"
    """What a member does whose account is suspended."""

    def acts(self, wave: Wave) -> Iterator[Act]:
        """Every member says what it always says."""
        item, members = wave.item(), wave.members()
        for lag, member in zip(wave.lags(len(members)), members, strict=True):
            recipe = wave.habitual(item, member)
            yield Act(int(lag), member, "evader", "comment", item, wave.disguised(recipe, member))
