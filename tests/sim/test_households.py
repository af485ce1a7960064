"""Households: who watches is told as truth, fits the hour, and has tastes of their own."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.audience.households import ROLES, Household, Households
from sim.durations import DAY, HOUR
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle

VIEWERS = np.arange(20_000)


@pytest.fixture(scope="module")
def home() -> Household:
    return Household(Households(share=0.4, likeness=0.5), seed=7, dimensions=8)


@pytest.fixture(scope="module")
def told() -> Chronicle:
    people = tiny_scenario().audience.model_dump() | {"slate": 2, "households": {"share": 0.5}}
    catalog = tiny_scenario().catalog.model_dump() | {"formats": {"clip": {"median": "3m"}}}
    return Chronicle.of(tiny_scenario(audience=people, catalog=catalog, media=[]), DAY)


def test_accounts_are_shared_by_as_many_as_asked_for(home: Household) -> None:
    members = home.members(VIEWERS)
    shares = [np.mean(members == size) for size in (1, 2, 3, 4)]
    assert shares == pytest.approx([0.6, 0.2, 0.1, 0.1], abs=0.015)


def test_children_watch_in_the_afternoon_and_not_at_night(home: Household) -> None:
    def children(hour: int) -> float:
        local = np.full(len(VIEWERS), hour * HOUR)
        member = home.present(VIEWERS, np.zeros(len(VIEWERS)), local)
        assert (member < home.members(VIEWERS)).all()
        return float(np.mean(home.role(VIEWERS, member) == ROLES.index("child")))

    assert children(2) < 0.2 * children(22) < 0.2 * children(15)


def test_members_have_tastes_that_are_alike_but_their_own(home: Household) -> None:
    taste = np.random.default_rng(1).standard_normal((len(VIEWERS), 8)).astype(np.float32)
    tastes = [home.tastes(taste, np.full(len(VIEWERS), member, dtype=np.uint8)) for member in range(4)]
    assert (tastes[0] == taste).all()
    for other in tastes[1:]:
        assert np.mean(other * taste) == pytest.approx(0.5, abs=0.02)
        assert other.std(axis=0) == pytest.approx(np.ones(8), abs=0.03)


def test_the_truth_tells_every_session_of_a_shared_account(told: Chronicle) -> None:
    truth = told.kind("truth", "household")
    subject = truth.select("user_id", "subject").rows()
    starts = told.kind("journeys", "session_start")
    shared = starts.filter(pl.col("user_id").is_in(truth["user_id"].implode()))
    assert set(shared.select("user_id", "session_id").rows()) <= set(subject)
    assert len(subject) == len(set(subject))
    assert (truth["member"] < truth["members"]).all()
    by_user = truth.group_by("user_id").agg(pl.col("members").n_unique(), n=pl.col("member").n_unique())
    assert (by_user["members"] == 1).all()
    assert np.mean(by_user["n"].to_numpy() > 1) > 0.4


def test_the_log_tells_nothing_of_it(told: Chronicle) -> None:
    fields = {
        field.name for tick in told.ticks for batch in tick.batches for field in batch.kind.fields
        if batch.kind.topic in ("journeys", "audience")
    }  # fmt: skip
    assert not fields & {"member", "members", "role"}


def test_a_service_without_households_says_nothing() -> None:
    told = Chronicle.of(tiny_scenario(), HOUR)
    assert "household" not in told.kinds("truth")
    population: Any = told.world.cohort.population
    assert population.household is None
