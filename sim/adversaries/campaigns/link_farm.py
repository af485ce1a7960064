"""Link farm: accounts that share links of domains which come and go."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from sim.adversaries.reserved import link
from sim.adversaries.waves import Act, Wave, WaveCampaign
from sim.seeds import digest64

__all__ = ["LinkFarm"]


class LinkFarm(WaveCampaign):
    """Every member shares several links of the farm; domains are dropped after a few waves and replaced.

    Coordinated accounts share the same problematic domains far more often than others (1.79 to 2.22 times; Giglietto
    et al. 2020). With ``rotation`` waves a domain and ``domains`` of them in use, no block list of domains stays true.

    >>> LinkFarm(name="farm", domains=4).rotation
    3
    """

    kind: Literal["link_farm"] = "link_farm"
    domains: int = Field(default=6, ge=1, le=1000)
    """Domains in use at a time."""
    rotation: int = Field(default=3, ge=1)
    """Waves after which a domain is dropped."""
    shares: int = Field(default=2, ge=1, le=100)
    """Links that a member shares in a wave."""

    def acts(self, wave: Wave) -> Iterator[Act]:
        """Every member shares some of the domains in use."""
        for _ in range(self.shares):
            members = wave.members()
            for lag, member in zip(wave.lags(len(members)), members, strict=True):
                item, domain = wave.item(), int(wave.rng.integers(self.domains))
                recipe = wave.sharing(item, self._link(wave, domain))
                yield Act(int(lag), member, "sharer", "post", item, wave.disguised(recipe, member))

    def _link(self, wave: Wave, domain: int) -> str:
        # Domains are dropped one after the other, not all at once.
        generation = (wave.number + domain) // self.rotation
        return link(digest64(wave.cast.seed, "farm", self.name, domain, generation))
