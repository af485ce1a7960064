"""Groups of viewers by which outcomes are told: their attributes, and the small groups that a scenario names."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.audience.personas import Group
from sim.audience.population import Population
from sim.scenario import Scenario

__all__ = ["DIMENSIONS", "ELSE", "members", "names_of"]

DIMENSIONS = ("region", "device", "age_band", "language", "accessibility", "consent")
"""Attributes of viewers, as the population has them."""
ELSE = "everyone else"
"""Who is in none of the named groups."""


def names_of(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """The groups of every dimension; ``group`` has those that the scenario names, if it names any."""
    words = scenario.vocabularies()
    named = scenario.audience.groups
    return {name: words[name] for name in DIMENSIONS} | ({"group": (*named, ELSE)} if named else {})


def members(people: Population, groups: Mapping[str, Group]) -> NDArray[np.uint8]:
    """The place of each viewer's group, or the number of groups for who is in none.

    Nobody outside a group has all its attributes, so they tell who is in it.
    """
    place = np.full(len(people), len(groups), dtype=np.uint8)
    for number, group in enumerate(groups.values()):
        inside = np.ones(len(people), dtype=np.bool_)
        for attribute, word in group.where.items():
            inside &= getattr(people, attribute) == people.words[attribute].index(word)
        place[inside] = number
    return place
