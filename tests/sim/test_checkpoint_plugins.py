"""Every plug-in of a scenario goes on from a checkpoint: a new one is tested by being there."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from sim.durations import HOUR, MINUTE
from sim.pace import Pace
from sim.plugin import Family
from sim.recommenders.recommender import RECOMMENDERS
from sim.scenario import Scenario
from sim.testing import busy_scenario, tiny_scenario
from tests import conformance
from tests.conformance.plugins import PluginSuite
from tests.sim.test_checkpoint import begun, goes_on

SPAN = 5 * MINUTE
SEVERAL = "items"


@cache
def suites() -> dict[tuple[str, ...], PluginSuite]:
    """The conformance suite of every family that a scenario has, by the place of its plug-ins in the scenario."""
    for module in iter_modules(conformance.__path__, f"{conformance.__name__}."):
        import_module(module.name)
    return {place: suite() for suite in _descendants(PluginSuite) if (place := _place(suite))}


def _descendants(suite: type[PluginSuite]) -> Iterator[type[PluginSuite]]:
    for child in suite.__subclasses__():
        yield child
        yield from _descendants(child)


def _place(suite: type[PluginSuite]) -> tuple[str, ...]:
    path = getattr(suite, "path", ())
    if path[:1] != ("properties",):
        return ()
    place = tuple(str(step) for step in path if step not in ("properties", "anyOf", 0))
    # What texts are about is told by their author, who remembers nothing.
    return () if "talk" in place else place


def described(suite: PluginSuite, kind: str, number: int) -> dict[str, Any]:
    given = {"kind": kind, **suite.given(kind)}
    return given | {"name": f"it-{number}"} if "name" in given else given


def with_plugins(place: tuple[str, ...], kinds: list[str]) -> Scenario:
    """A scenario with plug-ins of a family: all of them together where there may be several, or the one."""
    suite = suites()[place]
    plugins = [described(suite, kind, number) for number, kind in enumerate(kinds)]
    scenario = tiny_scenario() if place[0] == "recommender" else busy_scenario()
    parts = scenario.model_dump(mode="json")
    parts["moderation"] = {"kind": "recorded", "recall": 1}
    inner = parts
    *way, last = place if place[-1] != SEVERAL else place[:-1]
    for step in way:
        inner = inner[step]
    inner[last] = plugins if place[-1] == SEVERAL else plugins[0]
    return Scenario.model_validate(parts)


def offered(family: Family[Any]) -> list[str]:
    """The plug-ins of a family but for those that other tests made."""
    return sorted(kind for kind, cls in family.classes().items() if not cls.__module__.startswith("tests."))


def cases() -> list[Any]:
    found = []
    for place, suite in sorted(suites().items()):
        kinds = offered(suite.family)
        groups = [kinds] if place[-1] == SEVERAL else [[kind] for kind in kinds]
        found += [pytest.param(place, group, id=".".join([*place, *group[:1]])) for group in groups]
    return found


@pytest.mark.parametrize(("place", "kinds"), cases())
def test_it_goes_on(place: tuple[str, ...], kinds: list[str]) -> None:
    pace = Pace(span=SPAN, arrivals=2.0)
    world, ticks = begun(with_plugins(place, kinds), HOUR // SPAN, pace=pace)
    goes_on(world, ticks, count=45 * MINUTE // SPAN, pace=pace)


@pytest.mark.parametrize("kind", offered(RECOMMENDERS))
def test_what_a_recommender_learns_goes_on(kind: str) -> None:
    suite = suites()["recommender",]
    given = {"kind": kind, **suite.given(kind)}
    inner = {"kind": "item_knn", "panel": 60, "history": 0.5}
    given |= {name: inner for name in ("recommender", "first") if name in given}
    fields = RECOMMENDERS.named(kind).model_fields
    given |= {name: inner[name] for name in ("panel", "history") if name in fields}
    scenario, pace = tiny_scenario(recommender=given), Pace(span=15 * MINUTE, arrivals=2.0)
    # A panel is looked at every six hours.
    world, ticks = begun(scenario, 7 * HOUR // pace.span, pace=pace)
    goes_on(world, ticks, count=6 * HOUR // pace.span, pace=pace)


def test_every_family_of_a_world_is_here() -> None:
    known = suites().keys()
    assert {("campaigns", SEVERAL), ("shifts", SEVERAL), ("recommender",), ("audience", "churn")} <= known
