"""Attackers: a population of genomes under a query budget, selected by verdicts that come late."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.adversaries.composer import composed
from sim.adversaries.evolution.genome import Genome
from sim.adversaries.operator import OPERATORS
from sim.adversaries.policy import POLICIES
from sim.adversaries.recipe import Recipe, function_named, functions, hard_negatives
from sim.names import UnknownNameError
from sim.seeds import Stream, digest64

__all__ = ["Attackers", "EvolutionSettings", "Probe", "Reading"]


class EvolutionSettings(BaseModel):
    """How attackers search."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    policies: tuple[str, ...] = ("scam",)
    """Policies that are violated."""
    functions: tuple[str, ...] = ()
    """Functions of those policies that are used; all that violate, if none is named."""
    operators: tuple[str, ...] = ()
    """Operators that may be used; all, if none is named."""
    genomes: int = Field(default=20, ge=2, le=10_000)
    """Size of the population."""
    budget: int = Field(default=400, ge=1, le=10_000_000)
    """Texts that can be tried in an epoch, by all together."""
    delay: int = Field(default=1, ge=0, le=1000)
    """Epochs until the verdicts on an epoch's texts are known."""
    legibility: float = Field(default=0.3, ge=0, le=10)
    """What a text that nobody can read costs, where one that is not found gains 1."""
    elite: float = Field(default=0.3, gt=0, le=1)
    """Part of the population that lives on."""
    births: float = Field(default=0.15, ge=0, le=1)
    """Part that is new in every epoch, out of nothing."""
    longest: int = Field(default=3, ge=1, le=8)
    """Operators in a chain, at most."""
    tier: str = Field(default="T1", pattern="^T[12]$")
    """How real the words are: invented (T1), or mild and everyday (T2)."""
    language: str = "en"
    """Language of the texts."""

    @field_validator("policies", "operators")
    @classmethod
    def _known(cls, names: tuple[str, ...], info: object) -> tuple[str, ...]:
        field = getattr(info, "field_name", "")
        family = POLICIES if field == "policies" else OPERATORS
        for name in names:
            if name not in family.classes():
                raise UnknownNameError(family.noun, name, family.classes())
        if field == "policies" and not names:
            raise ValueError("at least one policy is needed, or there is nothing to attack")
        return names

    @model_validator(mode="after")
    def _offering(self) -> "EvolutionSettings":
        known = [name for policy in self.policies for name in functions(policy)]
        for name in self.functions:
            if name not in known:
                raise UnknownNameError("violating function", name, known)
        return self

    def offered(self) -> tuple[tuple[str, str], ...]:
        """Every function that may be used, with its policy."""
        return tuple(
            (policy, name)
            for policy in self.policies
            for name in functions(policy)
            if not self.functions or name in self.functions
        )


@dataclass(frozen=True)
class Probe:
    """A text that is tried: by which genome of the population."""

    genome: int
    recipe: Recipe


@dataclass(frozen=True)
class Reading:
    """How an epoch went: attack success of the population and of its best genome."""

    epoch: int
    success: float
    best: float
    genome: Genome


class Attackers:
    """A population that tries texts, hears which were found, and evolves (a (μ + λ) search; Rechenberg 1973).

    An epoch is :meth:`probes`, :meth:`tell` with a verdict on each, and :meth:`evolve`. The fitness of a genome is
    the part of its texts that was not found, less what its disguise costs in legibility. With a delay, parents are
    chosen from the last epoch whose verdicts are known. The same verdicts always lead to the same population.

    >>> attackers = Attackers(EvolutionSettings(genomes=4, budget=8, delay=0), seed=7)
    >>> for _ in range(5):
    ...     attackers.tell(["leet" in dict(probe.recipe.chain) for probe in attackers.probes()])
    ...     attackers.evolve()
    >>> attackers.readings[-1].best
    1.0
    """

    def __init__(self, settings: EvolutionSettings, *, seed: int) -> None:
        self.settings, self.seed, self.epoch = settings, seed, 0
        self._functions = settings.offered()
        self._kinds = settings.operators or tuple(sorted(OPERATORS.classes()))
        rng = self._stream("births")
        self.population = [self._born(rng) for _ in range(settings.genomes)]
        self.readings: list[Reading] = []
        self._lived = {0: self.population}
        self._success: dict[int, NDArray[np.float64]] = {}

    def probes(self, title: str = "Low Tide") -> list[Probe]:
        """The texts of this epoch: the budget, shared evenly among the genomes."""
        many = self.settings.budget
        return [
            Probe(genome, self._recipe(self.population[genome], number, title))
            for number in range(many)
            for genome in [number * len(self.population) // many]
        ]

    def hard_negatives(self, many: int, title: str = "Low Tide") -> list[Recipe]:
        """Texts that violate nothing, in the disguises of the population: what a defender must not take down."""
        found = []
        for number in range(many):
            genome = self.population[number % len(self.population)]
            bits = self._bits("hard negative", number)
            twins = _twins(genome.policy, self.settings.functions)
            found.append(
                composed(
                    genome.policy,
                    bits,
                    title=title,
                    language=self.settings.language,
                    function=twins[bits % len(twins)],
                    tier=self.settings.tier,
                    chain=genome.chain,
                )
            )
        return found

    def tell(self, flagged: Sequence[bool], epoch: int | None = None) -> None:
        """The verdicts on the probes of an epoch (the present one by default), in their order."""
        when = self.epoch if epoch is None else epoch
        if when not in self._lived:
            raise ValueError(f"epoch {when} is none whose verdicts are awaited: {sorted(self._lived)}")
        population, many = self._lived[when], self.settings.budget
        if len(flagged) != many:
            raise ValueError(f"{len(flagged)} verdicts for {many} texts; one is needed for each")
        genome = np.arange(many) * len(population) // many
        tried = np.maximum(np.bincount(genome, minlength=len(population)), 1)
        evaded = np.bincount(genome, 1.0 - np.asarray(flagged, np.float64), minlength=len(population))
        success = evaded / tried
        self._success[when] = success
        best = int(np.argmax(success))
        self.readings.append(Reading(when, float(success.mean()), float(success[best]), population[best]))

    def evolve(self) -> None:
        """Begin the next epoch: the elite lives on, others descend from it or are born anew."""
        known = [epoch for epoch in self._success if epoch <= self.epoch - self.settings.delay]
        if known:
            newest = max(known)
            self.population = self._descended(self._lived[newest], self._success[newest])
            for epoch in [epoch for epoch in self._lived if epoch < newest]:
                del self._lived[epoch]
                self._success.pop(epoch, None)
        self.epoch += 1
        self._lived[self.epoch] = self.population

    def _descended(self, population: list[Genome], success: NDArray[np.float64]) -> list[Genome]:
        settings, rng = self.settings, self._stream("descent")
        cost = np.array([genome.illegibility for genome in population]) * settings.legibility
        order = np.argsort(cost - success, kind="stable")
        elite = [population[place] for place in order[: max(1, round(settings.elite * len(population)))]]
        births = round(settings.births * settings.genomes)
        children: list[Genome] = []
        while len(elite) + len(children) < settings.genomes - births:
            parent = rng.one(elite)
            if rng.below(4) == 0:
                parent = parent.crossed(rng.one(elite), settings.longest, rng=rng)
            children.append(parent.mutated(self._functions, self._kinds, settings.longest, rng=rng))
        return [*elite, *children, *(self._born(rng) for _ in range(births))][: settings.genomes]

    def _born(self, rng: Stream) -> Genome:
        return Genome.born(self._functions, self._kinds, self.settings.longest, rng=rng)

    def _recipe(self, genome: Genome, number: int, title: str) -> Recipe:
        bits = self._bits("probe", number)
        return genome.recipe(bits, title=title, language=self.settings.language, tier=self.settings.tier)

    def _bits(self, purpose: str, number: int) -> int:
        return digest64("evolution", self.seed, purpose, self.epoch, number)

    def _stream(self, purpose: str) -> Stream:
        return Stream(digest64("evolution", self.seed, purpose, self.epoch))


def _twins(policy: str, violating: Sequence[str]) -> list[str]:
    """Hard negatives of a policy: those that are twins of some functions, or all if none of them is."""
    names = hard_negatives(policy)
    return [name for name in names if function_named(policy, name).twin in violating] or list(names)
