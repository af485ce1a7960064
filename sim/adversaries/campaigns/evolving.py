"""Evolving: a campaign that learns what gets through."""

from typing import Literal

from sim.adversaries.author import Draft
from sim.adversaries.campaign import Cast, Process, TroupeCampaign
from sim.adversaries.evolution.attackers import Attackers, EvolutionSettings
from sim.adversaries.troupe import Troupe
from sim.adversaries.waves import hit
from sim.seeds import digest64, rng_for

__all__ = ["Evolving"]


class Evolving(TroupeCampaign):
    """Each wave tries the texts of a population of genomes and breeds the next one from what was not taken down.

    Open loop: the verdicts are those of the scenario's ``moderation``, and the race is the same in every run. A wave
    is an epoch; ``search.delay`` waves pass until its verdicts are known, those that came by then.

    >>> Evolving(name="race", search={"genomes": 8, "budget": 40}).search.budget
    40
    """

    kind: Literal["evolving"] = "evolving"
    search: EvolutionSettings = EvolutionSettings(budget=100)
    """How it searches: what it violates, with which operators, and how many texts it can try in a wave."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The one language of its texts."""
        return (self.search.language,)

    def run(self, cast: Cast) -> Process:
        """One epoch after the other."""
        troupe = self.recruited(cast)
        attackers = Attackers(self.search, seed=digest64(cast.seed, "evolution", self.name))
        yield cast.env.timeout(self.start)
        for _ in range(self.waves):
            cast.start(self._epoch(cast, troupe, attackers))
            yield cast.env.timeout(self.every)
            attackers.evolve()

    def _epoch(self, cast: Cast, troupe: Troupe, attackers: Attackers) -> Process:
        env, epoch, at = cast.env, attackers.epoch, int(cast.env.now)
        rng = rng_for(cast.seed, "campaign", self.name, epoch)
        item = hit(cast, at, rng=rng)
        probes = attackers.probes(cast.author.title_of(item))
        due = at + (self.search.delay + 1) * self.every
        flagged = [False] * len(probes)
        # Texts are spread over the wave, in an order that has nothing to do with the genomes.
        for place, probe in enumerate(rng.permutation(len(probes)).tolist()):
            yield env.timeout(max(0, at + place * self.every // (len(probes) + 1) - int(env.now)))
            member = place % len(troupe)
            account = troupe.account(member)
            if account is not None:
                recipe = probes[probe].recipe
                draft = Draft(int(env.now), account, item, "comment", recipe, self.name, "evolving")
                taken_down = self.post(cast, troupe, member, draft)
                flagged[probe] = taken_down is not None and taken_down < due
        attackers.tell(flagged, epoch)
