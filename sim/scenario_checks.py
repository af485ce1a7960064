"""Contradictions: what is right by itself in a scenario, but not beside the rest of it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sim.adversaries.rulebook import idle_changes
from sim.audience.populating import composed
from sim.events import KINDS
from sim.mess.spoiling import Spoiling
from sim.names import UnknownNameError
from sim.schema_changes import impossible_changes

if TYPE_CHECKING:
    from sim.scenario import Scenario

__all__ = ["Contradiction", "contradictions"]

_MOST_BLOCKS = 65_000
_MOST_PEOPLE = 99_999_999

Contradiction = tuple[tuple[str | int, ...], Any, str]


def contradictions(scenario: "Scenario") -> Iterator[Contradiction]:
    """Where in the scenario, which value, and which rule it breaks."""
    yield from _catalog(scenario)
    yield from _shifts(scenario)
    yield from _campaigns(scenario)
    yield from _policy_calendar(scenario)
    yield from _sizes(scenario)
    yield from _people(scenario)
    yield from _behaviours(scenario)
    yield from _mess(scenario)
    yield from _schema_changes(scenario)


def _catalog(scenario: "Scenario") -> Iterator[Contradiction]:
    catalog, languages = scenario.catalog, scenario.languages
    for language in catalog.languages:
        if language not in languages:
            rule = UnknownNameError("language of the audience", language, languages)
            yield ("catalog", "languages", language), catalog.languages[language], str(rule)
    known: dict[str, Mapping[str, object]] = {
        "region": scenario.audience.regions,
        "format": catalog.formats,
        "genre": catalog.genres,
    }
    for plan in ("launches", "removals", "premieres"):
        for number, planned in enumerate(getattr(catalog, plan)):
            for field, names in known.items():
                name = getattr(planned, field, None)
                if name is not None and name not in names:
                    rule = UnknownNameError(field, name, names)
                    yield ("catalog", plan, number, field), name, str(rule)


def _shifts(scenario: "Scenario") -> Iterator[Contradiction]:
    watched = [feature.name for feature in scenario.drift.features]
    for number, shift in enumerate(scenario.shifts):
        for place, feature in enumerate(shift.features):
            if feature not in watched:
                rule = UnknownNameError("drift feature", feature, watched)
                yield ("shifts", number, "features", place), feature, str(rule)
        for path, value, broken in shift.contradictions(scenario):
            yield ("shifts", number, *path), value, broken


def _campaigns(scenario: "Scenario") -> Iterator[Contradiction]:
    for number, campaign in enumerate(scenario.campaigns):
        for language in campaign.languages:
            if language not in scenario.languages:
                rule = UnknownNameError("language of the audience", language, scenario.languages)
                yield ("campaigns", number, "language"), language, str(rule)


def _policy_calendar(scenario: "Scenario") -> Iterator[Contradiction]:
    calendar = scenario.policy_calendar
    for number, field, rule in idle_changes(calendar, scenario.audience.talk.moderation.templates):
        yield ("policy_calendar", number, field), getattr(calendar[number], field), rule


def _schema_changes(scenario: "Scenario") -> Iterator[Contradiction]:
    for number, field, rule in impossible_changes(scenario.schema_changes):
        yield ("schema_changes", number, field), getattr(scenario.schema_changes[number], field), rule


def _people(scenario: "Scenario") -> Iterator[Contradiction]:
    audience = scenario.audience
    if audience.people > _MOST_PEOPLE:
        rule = f"{audience.people:,} viewers with newcomers; {_MOST_PEOPLE:,} is the most"
        yield ("audience", "newcomers"), len(audience.newcomers), rule
    for number, each in enumerate(audience.newcomers):
        if each.region is not None and each.region not in audience.regions:
            yield (
                ("audience", "newcomers", number, "region"),
                each.region,
                str(UnknownNameError("region", each.region, audience.regions)),
            )
            return
    for name in audience.personas.leanings:
        if name != "open" and name not in scenario.catalog.genres:
            rule = str(UnknownNameError("genre", name, ["open", *scenario.catalog.genres]))
            yield ("audience", "personas", "leanings", name), audience.personas.leanings[name], rule
    for field in ("regions", "devices"):
        known = getattr(audience, field)
        for name in getattr(audience.arrivals, field):
            if name not in known:
                rule = str(UnknownNameError(field.removesuffix("s"), name, known))
                yield ("audience", "arrivals", field, name), name, rule
    try:
        composed(scenario.seed, audience, scenario.vocabularies(planned=False))
    except ValueError as error:
        yield ("audience", "groups" if audience.groups else "personas"), len(audience.groups), str(error)


def _sizes(scenario: "Scenario") -> Iterator[Contradiction]:
    audience, catalog = scenario.audience, scenario.catalog
    if audience.block * _MOST_BLOCKS < audience.people:
        rule = f"{audience.people} viewers are more than {_MOST_BLOCKS} blocks of this size; raise it"
        yield ("audience", "block"), audience.block, rule
    for region in audience.regions:
        held_back = sum(launch.items for launch in catalog.launches if launch.region == region)
        removed = sum(plan.items for plan in catalog.removals if plan.region in (None, region))
        if audience.slate > catalog.items - held_back - removed:
            taken = f" and removals take {removed}" if removed else ""
            rule = (
                f"a slate needs as many items; the catalogue has {catalog.items}, of which launches hold {held_back} "
                f"back in {region}{taken}"
            )
            yield ("audience", "slate"), audience.slate, rule


def _behaviours(scenario: "Scenario") -> Iterator[Contradiction]:
    audience = scenario.audience
    for form in audience.watching_of:
        if form not in scenario.catalog.formats:
            rule = UnknownNameError("format", form, scenario.catalog.formats)
            yield ("audience", "watching_of", form), form, str(rule)
    told: dict[tuple[str, ...], dict[str, float]] = {("hurry",): audience.hurry}
    if audience.experience:
        told["experience", "devices"] = audience.experience.devices
    for place, factors in told.items():
        for device in factors:
            if device not in audience.devices:
                rule = UnknownNameError("device", device, audience.devices)
                yield ("audience", *place, device), factors[device], str(rule)


def _mess(scenario: "Scenario") -> Iterator[Contradiction]:
    for kind in KINDS:
        total = 0.0
        for number, mess in enumerate(scenario.mess):
            if isinstance(mess, Spoiling) and mess.concerns(kind):
                total += mess.rate
                if total > 1:
                    rule = f"with those before it {total:g} of all {kind.name} records would be hit; 1 is the most"
                    yield ("mess", number, "rate"), mess.rate, rule
                    return
