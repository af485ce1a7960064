"""A genome: one way to attack, as something that can be passed on, changed and crossed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.adversaries.composer import composed
from sim.adversaries.operator import operator
from sim.adversaries.recipe import Recipe
from sim.seeds import Stream

__all__ = ["STRENGTHS", "Genome"]

STRENGTHS = (0.25, 0.5, 0.75, 1.0)
"""Strengths that a gene may have: they bracket the cliffs of the classifiers that were measured."""

# How hard a disguise of full strength makes it to read. Our assumption, from what each sort of operator leaves: marks
# that nobody sees, letters that are wrong, words around that distract.
_EFFORT = {"lossless": 0.25, "lossy": 1.0, "structural": 0.5}


@dataclass(frozen=True)
class Genome:
    """What is said (a function of a policy) and how it is disguised (a chain of operators).

    >>> genome = Genome("scam", "giveaway", (("leet", 0.5),))
    >>> genome.recipe(7, title="Low Tide", language="en", tier="T1").chain
    (('leet', 0.5),)
    """

    policy: str
    function: str
    chain: tuple[tuple[str, float], ...]

    @classmethod
    def born(
        cls, functions: Sequence[tuple[str, str]], kinds: Sequence[str], longest: int, *, rng: Stream
    ) -> "Genome":
        """A genome out of nothing: one of the functions (with its policy), and at most ``longest`` operators."""
        policy, function = rng.one(functions)
        length = 1 + rng.below(longest)
        return cls(policy, function, tuple((rng.one(kinds), rng.one(STRENGTHS)) for _ in range(length)))

    @property
    def illegibility(self) -> float:
        """How hard it is to read, from 0 (as written) to 1."""
        legible = 1.0
        for kind, strength in self.chain:
            legible *= 1 - _EFFORT[operator(kind, strength).sort] * strength * 0.5
        return 1 - legible

    def recipe(self, bits: int, *, title: str, language: str, tier: str) -> Recipe:
        """A text of this genome."""
        return composed(
            self.policy,
            bits,
            title=title,
            language=language,
            function=self.function,
            tier=tier,
            chain=self.chain,
        )

    def mutated(
        self, functions: Sequence[tuple[str, str]], kinds: Sequence[str], longest: int, *, rng: Stream
    ) -> "Genome":
        """A genome that differs in one gene: an operator, its strength, a link of the chain, or what is said."""
        place = rng.below(len(self.chain))
        kind, strength = self.chain[place]
        change = rng.below(10)
        if change < 4:
            return self._with(place, (rng.one(kinds), strength))
        if change < 7:
            return self._with(place, (kind, rng.one(STRENGTHS)))
        if change < 8:
            policy, function = rng.one(functions)
            return replace(self, policy=policy, function=function)
        if len(self.chain) < longest:
            return replace(self, chain=(*self.chain, (rng.one(kinds), rng.one(STRENGTHS))))
        return replace(self, chain=self.chain[:place] + self.chain[place + 1 :] or self.chain)

    def crossed(self, other: "Genome", longest: int, *, rng: Stream) -> "Genome":
        """What this one says, in a disguise that begins as its own and ends as the other's."""
        mine, others = 1 + rng.below(len(self.chain)), rng.below(len(other.chain))
        return replace(self, chain=(*self.chain[:mine], *other.chain[others:])[:longest])

    def _with(self, place: int, gene: tuple[str, float]) -> "Genome":
        return replace(self, chain=(*self.chain[:place], gene, *self.chain[place + 1 :]))

    def __str__(self) -> str:
        chain = ">".join(f"{kind}@{strength:g}" for kind, strength in self.chain)
        return f"{self.policy}.{self.function} {chain}"
