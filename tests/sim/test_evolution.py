"""Attackers find what a verdict rule does not see, at the price of legibility, and the same way every time."""

import pytest

from sim.adversaries.evolution.attackers import Attackers, EvolutionSettings
from sim.adversaries.evolution.genome import Genome
from sim.adversaries.gate import gated
from sim.durations import HOUR
from sim.names import UnknownNameError
from sim.seeds import Stream
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle

OPERATORS = ("homoglyph", "leet", "zero_width", "case")


def attackers(**settings: object) -> Attackers:
    given = {"operators": OPERATORS, "genomes": 12, "budget": 60, "delay": 0} | settings
    return Attackers(EvolutionSettings.model_validate(given), seed=3)


def blind_to(operator: str, race: Attackers) -> list[bool]:
    return [operator not in dict(probe.recipe.chain) for probe in race.probes()]


def test_a_population_finds_the_operator_that_is_not_seen() -> None:
    race = attackers()
    for _ in range(12):
        race.tell(blind_to("zero_width", race))
        race.evolve()
    first, last = race.readings[0], race.readings[-1]
    assert last.success > first.success + 0.15
    assert last.best == 1
    assert "zero_width" in dict(last.genome.chain)


def test_late_verdicts_are_learnt_from_late() -> None:
    prompt, late = attackers(), attackers(delay=3)
    for _ in range(4):
        for race in (prompt, late):
            race.tell(blind_to("leet", race))
            race.evolve()
    assert late.population != prompt.population
    unselected = attackers(delay=3)
    for _ in range(3):
        unselected.evolve()
    assert late.epoch == 4
    assert unselected.population == attackers().population


def test_the_same_verdicts_give_the_same_population_and_another_seed_does_not() -> None:
    told = []
    for seed in (1, 1, 2):
        race = Attackers(EvolutionSettings(genomes=6, budget=30, delay=0), seed=seed)
        for _ in range(3):
            race.tell(blind_to("leet", race))
            race.evolve()
        told.append([str(genome) for genome in race.population])
    assert told[0] == told[1] != told[2]


def test_texts_that_cannot_be_read_are_given_up_where_legibility_costs() -> None:
    def strongest(legibility: float) -> float:
        race = attackers(legibility=legibility, births=0, operators=("delete", "swap", "zero_width"))
        for _ in range(15):
            race.tell([False] * 60)
            race.evolve()
        return sum(genome.illegibility for genome in race.population) / 12

    assert strongest(3.0) < strongest(0.0)


def test_every_descendant_is_a_text_that_passes_the_gate() -> None:
    said = EvolutionSettings(policies=("scam", "hate")).offered()
    genome = Genome.born(said, OPERATORS, 3, rng=Stream(5))
    for step in range(60):
        genome = genome.mutated(said, OPERATORS, 3, rng=Stream(step))
        assert 1 <= len(genome.chain) <= 3
        assert 0 <= genome.illegibility <= 1
        assert gated(genome.recipe(step, title="Low Tide", language="en", tier="T1")).text


def test_hard_negatives_wear_the_disguises_of_the_population_and_violate_nothing() -> None:
    race = attackers(policies=("hate", "scam"))
    found = race.hard_negatives(48)
    assert {recipe.chain for recipe in found} == {genome.chain for genome in race.population}
    assert not any(recipe.violating for recipe in found)


def test_verdicts_that_are_too_few_or_of_no_epoch_are_refused() -> None:
    race = attackers()
    with pytest.raises(ValueError, match="3 verdicts for 60 texts"):
        race.tell([True] * 3)
    with pytest.raises(ValueError, match="epoch 9 is none"):
        race.tell([True] * 60, epoch=9)
    with pytest.raises((UnknownNameError, ValueError), match="Did you mean 'leet'"):
        attackers(operators=("leat",))


def test_in_the_stream_it_races_against_recorded_verdicts() -> None:
    people = tiny_scenario().audience.model_dump() | {"talk": {"comment": 0, "post": 0, "upload": 0}}
    campaign = {
        "kind": "evolving",
        "name": "race",
        "every": "10m",
        "search": {"genomes": 10, "budget": 50, "delay": 0, "legibility": 0},
    }
    verdicts = {"kind": "recorded", "recall": 1, "evasion": 1, "delay": "1s", "false_positives": 0}
    scenario = tiny_scenario(audience=people, campaigns=[campaign], moderation=verdicts, shifts=[], media=[])
    told = Chronicle.of(scenario, 3 * HOUR)
    labels = told.kind("truth", "label").sort("at").to_dicts()

    def strength(rows: list[dict[str, object]]) -> float:
        return sum(max(gene["strength"] for gene in row["operators"]) for row in rows) / len(rows)  # type: ignore[attr-defined]

    assert strength(labels[-100:]) > strength(labels[:100]) + 0.1
