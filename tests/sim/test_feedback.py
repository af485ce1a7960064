"""Feedback: what recommenders that learn do to what is shown, and that they learn from nobody but their panel."""

from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from typing import Any

import numpy as np
import pytest

from sim.durations import DAY, HOUR
from sim.evaluation.exposure import coverage, gini_over_time
from sim.events import kind_named
from sim.pace import Pace
from sim.recommenders.recommender import Observed
from sim.testing import tiny_scenario
from sim.world import World

ITEMS, DAYS = 400, 4
CATALOG = {
    "items": ITEMS,
    "births_per_day": 0,
    "genres": {"drama": 1},
    "formats": {"film": {}},
    "quality_spread": 0.6,
}
IMPRESSION, SELECT = kind_named("journeys", "impression"), kind_named("journeys", "select")


def world(recommender: dict[str, Any], **audience: Any) -> World:
    tiny = tiny_scenario(catalog=CATALOG, recommender=recommender, campaigns=[], shifts=[])
    given = {"viewers": 300, "slate": 8, **audience}
    return World(
        tiny.model_copy(update={"audience": tiny.audience.model_copy(update=given)}), pace=Pace(span=3 * HOUR)
    )


def columns(chosen: World, kind: Any, span: int, *names: str) -> list[np.ndarray]:
    """Columns of all events of a kind within a span of simulated time, ``at`` first."""
    end = chosen.catalog.start + span
    ticks = takewhile(lambda tick: tick.at < end, chosen.ticks())
    batches = [batch for tick in ticks for batch in tick.batches if batch.kind is kind]
    return [np.concatenate([batch.at for batch in batches])] + [
        np.concatenate([batch.columns[name] for batch in batches]) for name in names
    ]


@cache
def exposure(kind: str, **given: Any) -> tuple[np.ndarray, np.ndarray]:
    """What was shown in some days, and the Gini coefficient of each day."""
    recommender = {"kind": kind, **given}
    at, items = columns(world(recommender), IMPRESSION, DAYS * DAY, "item_id")
    return items, gini_over_time(items, at, count=ITEMS, window=DAY)[:DAYS]


GREEDY = {"panel": 300, "history": 0.2, "explore": 0.0}


@pytest.mark.parametrize("kind", ["item_knn", "implicit_mf"])
def test_what_is_learnt_without_exploration_shows_few_items_to_all(kind: str) -> None:
    shown, greedy = exposure(kind, **GREEDY)
    everything, uniform = exposure("random")
    assert greedy.min() > uniform.max() + 0.5
    assert coverage(shown, count=ITEMS) < 0.98 * coverage(everything, count=ITEMS)
    assert np.ptp(uniform) < 0.03


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("item_knn", GREEDY),
        ("popularity", {"source": "panel", "panel": 300, "history": 0.2, "temperature": 0.6}),
    ],
)
def test_the_rich_get_richer(kind: str, given: dict[str, Any]) -> None:
    _, unequal = exposure(kind, **given)
    assert unequal[-1] > unequal[0] + 0.015
    assert unequal[-2:].mean() >= unequal[1:3].mean() - 0.002


@pytest.mark.parametrize("kind", ["item_knn", "implicit_mf"])
def test_exploration_spreads_what_is_shown(kind: str) -> None:
    _, greedy = exposure(kind, **GREEDY)
    wide, curious = exposure(kind, **(GREEDY | {"explore": 0.3}))
    assert (curious < greedy - 0.05).all()
    assert coverage(wide, count=ITEMS) == 1.0


@cache
def pick_rate(kind: str, **given: Any) -> float:
    """Picks over impressions, in the first hours."""
    chosen = [world({"kind": kind, **given}, viewers=800) for _ in range(2)]
    picks, shown = (
        columns(one, of, 9 * HOUR)[0] for one, of in zip(chosen, (SELECT, IMPRESSION), strict=True)
    )
    return len(picks) / len(shown)


@pytest.mark.parametrize("kind", ["item_knn", "implicit_mf", "thompson"])
def test_what_was_learnt_pleases_more_than_chance(kind: str) -> None:
    assert pick_rate(kind, panel=800, history=6) > 1.1 * pick_rate("random")


def test_popularity_of_the_panel_is_what_it_picked() -> None:
    chosen = world({"kind": "popularity", "source": "panel", "panel": 600, "history": 4, "temperature": 0.5})
    catalogue = world({"kind": "popularity", "temperature": 0.5})
    weights: Any = chosen.policy
    items, seen = weights.weights(0, chosen.catalog.start)
    assert np.corrcoef(seen, catalogue.catalog.quality[items])[0, 1] > 0.3
    assert not np.allclose(seen, catalogue.policy.weights(0, chosen.catalog.start)[1])  # type: ignore[attr-defined]


class Spectator:
    """A policy that only watches what its panel does."""

    def __init__(self, chosen: World, viewers: int, history: float) -> None:
        self.panel = chosen._rooms.seated(chosen.policy, viewers=viewers, history=history)

    def seen(self, *times: int) -> Iterator[Observed]:
        for time in times:
            yield self.panel.until(time)


def test_a_panel_has_a_past_and_goes_on_where_it_stopped() -> None:
    chosen = world({"kind": "random"})
    start = chosen.catalog.start
    past, nothing, later = Spectator(chosen, 100, 3).seen(start, start, start + DAY)
    (whole,) = Spectator(world({"kind": "random"}), 100, 3).seen(start + DAY)
    assert past.shown.at.max() < start
    assert len(past.picked.item) > 100
    assert not len(nothing.shown.item)
    assert later.shown.at.min() >= start - 6 * HOUR
    for name in ("item", "viewer", "rank", "at"):
        joined = np.concatenate([getattr(past.shown, name), getattr(later.shown, name)])
        assert (joined == getattr(whole.shown, name)).all()


def test_a_panel_is_no_part_of_the_audience() -> None:
    silent, watched = world({"kind": "random"}), world({"kind": "random"})
    list(Spectator(watched, 100, 2).seen(watched.catalog.start + DAY))
    before, after = (
        columns(chosen, IMPRESSION, 6 * HOUR, "item_id", "user_id") for chosen in (silent, watched)
    )
    for one, other in zip(before, after, strict=True):
        assert (one == other).all()


@pytest.mark.parametrize("kind", ["item_knn", "implicit_mf", "thompson"])
def test_shards_of_a_policy_that_learns_are_the_whole(kind: str) -> None:
    recommender = {"kind": kind, "panel": 64, "history": 1}

    def shown(shard: tuple[int, int]) -> set[tuple[int, ...]]:
        scenario = world(recommender).scenario
        chosen = World(scenario, shard=shard, pace=Pace(span=3 * HOUR))
        told = columns(chosen, IMPRESSION, 9 * HOUR, "user_id", "slate_id", "rank", "item_id")
        return set(zip(*(column.tolist() for column in told), strict=True))

    assert set.union(*(shown((part, 3)) for part in range(3))) == shown((0, 1))
