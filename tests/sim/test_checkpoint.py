"""A world that goes on from a checkpoint, tick by tick beside one that never stopped."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

import pytest

from sim.batch import Tick
from sim.durations import DAY, MINUTE
from sim.pace import Pace
from sim.scenario import Scenario
from sim.scenario_file import shipped
from sim.steering.change import CHANGES, Change
from sim.steering.dial import TurnDial
from sim.testing import busy_scenario, tiny_scenario
from sim.world import World
from tests.sim import test_determinism, test_live
from tests.sim.ticks import differences


def goes_on(world: World, ticks: Iterator[Tick], *, count: int, pace: Pace, **given: Any) -> World:
    """The world that goes on from a checkpoint of another one, after some ticks of both that were the same."""
    saved = world.checkpoint()
    again = World(world.scenario, shard=world.shard, pace=pace, checkpoint=saved, **given)
    assert again.checkpoint() == saved
    events = 0
    for one, other in islice(zip(ticks, again.ticks(), strict=True), count):
        assert not differences(one, other)
        events += len(one)
    assert events > 0
    assert again.checkpoint() == world.checkpoint()
    return again


def begun(scenario: Scenario, ticks: int, *, pace: Pace, **given: Any) -> tuple[World, Iterator[Tick]]:
    world = World(scenario, pace=pace, **given)
    told = world.ticks()
    for _ in islice(told, ticks):
        pass
    return world, told


@pytest.mark.parametrize(
    ("name", "shard"), [(name, (0, 1)) for name in shipped()] + [(name, (2, 4)) for name in shipped()[::3]]
)
def test_every_shipped_scenario_goes_on(name: str, shard: tuple[int, int]) -> None:
    scenario, pace = test_determinism.scenario(name), test_determinism.pace(name)
    world, ticks = begun(scenario, 70 * MINUTE // pace.span, pace=pace, shard=shard)
    goes_on(world, ticks, count=30 * MINUTE // pace.span, pace=pace)


def test_it_goes_on_from_before_the_first_tick() -> None:
    scenario = tiny_scenario()
    pace = Pace.of(scenario)
    world = World(scenario, pace=pace)
    goes_on(world, world.ticks(), count=5, pace=pace)


def test_it_goes_on_again_and_again() -> None:
    scenario = busy_scenario()
    pace = Pace.of(scenario)
    world, ticks = begun(scenario, 3, pace=pace)
    for _ in range(3):
        again = goes_on(world, ticks, count=4, pace=pace)
        world, ticks = again, again.ticks()


@cache
def eventful() -> Scenario:
    """Newcomers, subscribers who come and go, households, consent that changes, viewers who are forgotten."""
    audience = busy_scenario().audience.model_dump(mode="json") | {
        "churn": {"kind": "subscription", "early": 60, "late": 15, "win_back": 0.9, "away": "2h"},
        "consent": {"changes_per_year": 10000},
        "erasure": {"requests_per_year": 150, "grace": "2h"},
        "households": {"share": 0.5},
        "newcomers": [{"number": 150, "over": "30h"}],
        "talk": {"comment": 0.5, "direct_message": 0.3, "report": 0.1},
    }
    calendar = [
        {"name": "a", "at": "21h", "policy": "hate", "function": "counterspeech_quote", "violating": True}
    ]
    catalog = tiny_scenario().catalog.model_dump(mode="json") | {
        "premieres": [{"at": "22h", "crowd": {"factor": 4, "lasts": "2h"}}],
        "removals": [{"at": "18h", "items": 5, "purged_after": "5h"}],
        "licences": {"share": 0.3},
    }
    return busy_scenario(
        audience=audience, catalog=catalog, policy_calendar=calendar, moderation={"kind": "recorded"}
    )


@pytest.mark.parametrize("shard", [(0, 1), (3, 4)])
def test_lives_of_viewers_and_items_go_on(shard: tuple[int, int]) -> None:
    pace = Pace(span=20 * MINUTE, arrivals=3.0)
    # Over midnight, for lives change by the day; not on the hour, when recommenders look at the catalogue anew.
    world, ticks = begun(eventful(), 61, pace=pace, shard=shard)
    assert shard != (0, 1) or world.stage.departures
    again = goes_on(world, ticks, count=24, pace=pace)
    one, other = (each.cohort.population for each in (world, again))
    began = World(eventful(), pace=pace, shard=shard).cohort.population
    for changed in ("taste", "consent", "present"):
        assert (getattr(one, changed) == getattr(other, changed)).all()
        assert (getattr(one, changed) != getattr(began, changed)).any()


def turned(at: int, factor: float) -> Change:
    return TurnDial(at=at, dial="arrivals", factor=factor)


def test_what_was_steered_is_steered_again() -> None:
    scenario, pace = tiny_scenario(), Pace(span=5 * MINUTE)
    start = scenario.start_ms
    world, ticks = begun(scenario, 6, pace=pace)
    world.steer(turned(start + 35 * MINUTE, 3.0))
    world.steer(turned(start + 95 * MINUTE, 0.5))
    list(islice(ticks, 6))
    goes_on(world, ticks, count=2, pace=pace)
    saved, changes = world.checkpoint(), [turned(start + 80 * MINUTE, 2.0), turned(world.env.now, 2.0)]
    for change in changes:
        world.steer(change)
    # Changes that the checkpoint knows of may be given once more; those that came after it must.
    known = [turned(start + 35 * MINUTE, 3.0), *changes]
    again = World(scenario, pace=pace, changes=known, checkpoint=saved)
    for one, other in islice(zip(ticks, again.ticks(), strict=True), 12):
        assert not differences(one, other)
    assert again.dials["arrivals"] == world.dials["arrivals"] == 6.0


def test_what_was_steered_right_before_the_checkpoint_is_carried_out_after_it() -> None:
    scenario, pace = tiny_scenario(), Pace(span=5 * MINUTE)
    world, ticks = begun(scenario, 6, pace=pace)
    world.steer(turned(int(world.env.now) + pace.span, 0.5))
    list(islice(ticks, 1))
    world.steer(turned(int(world.env.now), 3.0))
    again = goes_on(world, ticks, count=6, pace=pace)
    assert again.dials["arrivals"] == world.dials["arrivals"] == 1.5


def test_every_change_is_known_by_its_own_words() -> None:
    change = turned(0, 2.0)
    assert CHANGES.parse(change.model_dump(mode="json")) == change


@pytest.mark.parametrize("steps", [2, None])
def test_slates_that_were_asked_for_are_given_up_and_counted(steps: int | None) -> None:
    scenario = tiny_scenario(recommender=test_live.Live(steps=steps), campaigns=(), shifts=())
    pace = Pace(MINUTE, arrivals=20.0)
    world, _ = begun(scenario, 30, pace=pace)
    cohort: Any = world.cohort
    waiting = len(cohort.outstanding)
    assert waiting > 0
    # As a new process would: what the policy had under way is gone.
    again: Any = World(scenario, pace=pace, checkpoint=world.checkpoint())
    assert again.checkpoint() == World(scenario, pace=pace, checkpoint=again.checkpoint()).checkpoint()
    tick = next(again.ticks())
    assert again.policy.given_up == waiting
    shown = [batch for batch in tick.on("journeys") if batch.kind.name == "impression"]
    assert sum(map(len, shown)) == waiting * scenario.audience.slate
    assert all((batch.at >= tick.at).all() for batch in shown)


def test_a_checkpoint_is_made_between_ticks() -> None:
    world = World(tiny_scenario(), pace=Pace(span=5 * MINUTE))
    world.env.run(until=world.env.now + MINUTE)
    with pytest.raises(ValueError, match="within a tick: ask for a checkpoint between ticks"):
        world.checkpoint()


def test_a_day_later_the_world_is_where_it_would_be() -> None:
    scenario, pace = tiny_scenario(), Pace(span=10 * MINUTE)
    world, ticks = begun(scenario, DAY // pace.span, pace=pace)
    goes_on(world, ticks, count=6, pace=pace)
