"""Contradictions: what is right by itself in a scenario, but not beside the rest of it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.names import UnknownNameError

if TYPE_CHECKING:
    from sim.scenario import Scenario

__all__ = ["Contradiction", "contradictions"]

_MOST_BLOCKS = 65_000

Contradiction = tuple[tuple[str | int, ...], Any, str]


def contradictions(scenario: "Scenario") -> Iterator[Contradiction]:
    """Where in the scenario, which value, and which rule it breaks."""
    yield from _launches(scenario)
    yield from _shifts(scenario)
    yield from _campaigns(scenario)
    yield from _sizes(scenario)


def _launches(scenario: "Scenario") -> Iterator[Contradiction]:
    regions = scenario.audience.regions
    for number, launch in enumerate(scenario.catalog.launches):
        if launch.region not in regions:
            rule = UnknownNameError("region", launch.region, regions)
            yield ("catalog", "launches", number, "region"), launch.region, str(rule)


def _shifts(scenario: "Scenario") -> Iterator[Contradiction]:
    watched = [feature.name for feature in scenario.drift.features]
    for number, shift in enumerate(scenario.shifts):
        for place, feature in enumerate(shift.features):
            if feature not in watched:
                rule = UnknownNameError("drift feature", feature, watched)
                yield ("shifts", number, "features", place), feature, str(rule)


def _campaigns(scenario: "Scenario") -> Iterator[Contradiction]:
    for number, campaign in enumerate(scenario.campaigns):
        for language in campaign.languages:
            if language not in scenario.languages:
                rule = UnknownNameError("language of the audience", language, scenario.languages)
                yield ("campaigns", number, "language"), language, str(rule)


def _sizes(scenario: "Scenario") -> Iterator[Contradiction]:
    audience, catalog = scenario.audience, scenario.catalog
    if audience.block * _MOST_BLOCKS < audience.viewers:
        rule = f"{audience.viewers} viewers are more than {_MOST_BLOCKS} blocks of this size; raise it"
        yield ("audience", "block"), audience.block, rule
    for region in audience.regions:
        held_back = sum(launch.items for launch in catalog.launches if launch.region == region)
        if audience.slate > catalog.items - held_back:
            rule = (
                f"a slate needs as many items; the catalogue has {catalog.items}, of which launches hold {held_back} "
                f"back in {region}"
            )
            yield ("audience", "slate"), audience.slate, rule
