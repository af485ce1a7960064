"""A live cohort: viewers whose slate is outstanding wait, and only they."""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.audience.live import LiveCohort
from sim.batch import Tick
from sim.durations import MINUTE
from sim.pace import Pace
from sim.recommenders.live import Heard, LivePolicy
from sim.recommenders.popularity import Popularity
from sim.recommenders.recommender import Policy, SlateRequests, Slates
from sim.testing import tiny_scenario
from sim.world import World

SPAN = MINUTE


class Delayed:
    """Answers as another policy would, after so many steps of the clock; ``None``: never."""

    checkpointed = ("inner", "asked", "given_up")

    def __init__(self, inner: Policy, steps: int | None, waited: int) -> None:
        self.inner, self.steps, self.waited = inner, steps, waited
        self.asked = self.given_up = 0
        self._sent: deque[tuple[NDArray[np.int64], SlateRequests] | None] = deque()

    def refresh(self, now: int) -> None:
        self.inner.refresh(now)

    def answer(self, requests: SlateRequests) -> Slates:
        return self.inner.answer(requests)

    def is_live(self, now: int) -> bool:
        return True

    def ask(self, requests: SlateRequests) -> NDArray[np.int64]:
        tickets = np.arange(self.asked, self.asked + len(requests))[::-1]
        self.asked += len(requests)
        self._sent.append((tickets, requests))
        return tickets

    def hear(self) -> Heard | None:
        if self.steps is None or len(self._sent) < self.steps:
            return None
        tickets, requests = self._sent.popleft() or (np.empty(0, np.int64), None)
        if requests is None:
            return None
        return Heard(tickets, self.inner.answer(requests), np.full(len(tickets), self.waited))

    def interrupted(self, requests: SlateRequests) -> Slates:
        self.given_up += len(requests)
        return self.inner.answer(requests)


class Live(Popularity):
    """Popularity with a delay."""

    kind: Any = "test_delayed"
    steps: int | None = 1
    waited: int = 0

    def open(self, *arguments: Any, **options: Any) -> Any:
        return Delayed(super().open(*arguments, **options), self.steps, self.waited)


def ticks(recommender: Popularity, count: int = 60) -> tuple[World, list[Tick]]:
    scenario = tiny_scenario(recommender=recommender, campaigns=(), shifts=())
    world = World(scenario, pace=Pace(SPAN, arrivals=20.0))
    return world, list(islice(world.ticks(), count))


def rows(played: list[Tick], kind: str, *fields: str) -> Iterator[tuple[int, ...]]:
    for tick in played:
        for batch in tick.on("journeys"):
            if batch.kind.name == kind:
                columns = [batch.at if name == "at" else batch.columns[name] for name in fields]
                yield from zip(*(column.tolist() for column in columns), strict=True)


@pytest.fixture(scope="module")
def at_once() -> list[Tick]:
    return ticks(Popularity())[1]


def test_a_live_policy_gets_a_live_cohort() -> None:
    world, _ = ticks(Live(), count=1)
    assert isinstance(world.policy, LivePolicy)
    assert isinstance(world.cohort, LiveCohort)
    assert not isinstance(ticks(Popularity(), count=1)[0].cohort, LiveCohort)


def test_viewers_do_with_a_late_slate_what_they_would_have_done_with_it_at_once(at_once: list[Tick]) -> None:
    fields = ("user_id", "session_id", "slate_id", "rank", "item_id")
    # Later slates may come from a later ranking: those of the first hour's first sessions are the same.
    first = {row[:4]: row[4] for row in rows(at_once, "impression", *fields) if row[1:3] == (0, 0)}
    late = {row[:4]: row[4] for row in rows(ticks(Live())[1], "impression", *fields) if row[1:3] == (0, 0)}
    common = first.keys() & late.keys()
    assert len(common) > 0.8 * len(first)
    assert all(first[place] == late[place] for place in common)


@pytest.mark.parametrize(("steps", "waited"), [(1, 0), (1, 90_000), (4, 1_000)])
def test_every_request_is_answered_once_and_not_before_its_time(steps: int, waited: int) -> None:
    world, played = ticks(Live(steps=steps, waited=waited))
    shown = {row[:3]: row[3] for row in rows(played, "impression", "user_id", "session_id", "slate_id", "at")}
    assert isinstance(world.cohort, LiveCohort)
    policy: Any = world.policy
    answered = policy.asked - len(world.cohort.outstanding)
    # A slate that was heard with a time of its own may be shown in a tick that has not come yet.
    assert len(shown) <= answered
    assert answered - len(shown) <= policy.asked * (waited / SPAN) / 10 + 5
    started = {row[:2]: row[2] for row in rows(played, "session_start", "user_id", "session_id", "at")}
    for (user, session, slate), at in shown.items():
        if slate == 0 and (user, session) in started:
            assert at >= started[user, session] + 200 + waited


def test_nobody_else_waits_for_a_policy_that_never_answers(at_once: list[Tick]) -> None:
    world, played = ticks(Live(steps=None))
    assert not list(rows(played, "impression", "user_id"))
    starts = len(list(rows(played, "session_start", "user_id")))
    assert starts > 0.7 * len({user for (user,) in rows(at_once, "session_start", "user_id")})
    assert isinstance(world.cohort, LiveCohort)
    policy: Any = world.policy
    assert policy.asked == len(world.cohort.outstanding) == starts


def test_newcomers_join_before_a_live_policy_as_before_any_other() -> None:
    audience = tiny_scenario().audience.model_dump(mode="json")
    audience |= {"newcomers": [{"number": 80, "over": "30m"}]}
    joined = []
    for recommender in (Popularity(), Live()):
        scenario = tiny_scenario(recommender=recommender, audience=audience, campaigns=(), shifts=())
        played = list(islice(World(scenario, pace=Pace(SPAN, arrivals=20.0)).ticks(), 40))
        joined.append({row for row in rows(played, "session_start", "user_id") if row[0] >= 300})
    assert joined[0] == joined[1]
    assert len(joined[0]) == 80


def test_ticks_stay_in_order_of_time() -> None:
    for tick in ticks(Live(steps=3, waited=70_000))[1]:
        for batch in tick.batches:
            assert ((batch.at >= tick.at) & (batch.at < tick.end)).all()
