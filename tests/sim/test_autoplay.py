"""Autoplay: the next episode follows one that has reached its end, at its rate, where it can be seen."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.audience.origins import AUTOPLAY
from sim.durations import HOUR
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle


def chronicle(autoplay: float) -> Chronicle:
    given = tiny_scenario()
    series = {"median": "4m", "collection": {"mean": 6, "every": "1d"}}
    catalog: dict[str, Any] = {
        "items": 400,
        "formats": {"episode": series},
        "launches": [],
        "births_per_day": 24,
    }
    audience = given.audience.model_dump() | {
        "viewers": 1_500,
        "block": 256,
        "slate": 5,
        "autoplay": autoplay,
    }
    audience["talk"] = {"comment": 0, "post": 0, "upload": 0}
    parts = {"catalog": given.catalog.model_dump() | catalog, "audience": audience}
    return Chronicle.of(tiny_scenario(**parts, campaigns=[], shifts=[], media=[]), 5 * HOUR)


@pytest.fixture(scope="module")
def told() -> Chronicle:
    return chronicle(0.6)


def plays(told: Chronicle) -> pl.DataFrame:
    """Plays of each session in order, with what came before them and whether that reached its end."""
    who = ["user_id", "session_id"]
    begun = told.kind("journeys", "play").select(*who, "at", "item_id", "origin")
    whole = told.kind("journeys", "complete").select(*who, pl.col("at").alias("end"), "item_id")
    begun = begun.sort(*who, "at").with_columns(
        before=pl.col("item_id").shift(1).over(who), then=pl.col("at").shift(-1).over(who)
    )
    ended = begun.join(whole, on=[*who, "item_id"], how="left")
    # The end of this very play, not of another of the same item.
    complete = (pl.col("end") >= pl.col("at")) & (
        (pl.col("end") <= pl.col("then")) | pl.col("then").is_null()
    )
    ended = ended.with_columns(complete=complete.fill_null(False))
    return ended.group_by(*who, "at", "item_id", "origin", "before", "then").agg(pl.col("complete").any())


def test_what_follows_by_itself_is_the_next_of_its_series(told: Chronicle) -> None:
    by_itself = plays(told).filter((pl.col("origin") == AUTOPLAY) & pl.col("before").is_not_null())
    assert len(by_itself) > 200
    known = told.world.catalog
    assert (known.following(by_itself["before"].to_numpy()) == by_itself["item_id"].to_numpy()).all()


def test_it_follows_only_what_has_reached_its_end_and_as_often_as_is_set(told: Chronicle) -> None:
    found = plays(told).sort("user_id", "session_id", "at")
    known = told.world.catalog
    who = ["user_id", "session_id"]
    found = found.with_columns(follows=(pl.col("origin").shift(-1).over(who) == AUTOPLAY).fill_null(False))
    # Only what was over an hour before the end of the run: what follows has begun by then.
    settled = found.filter(pl.col("at") < told.start + 4 * HOUR)
    assert not settled.filter(~pl.col("complete"))["follows"].any()
    has_next = known.following(settled["item_id"].to_numpy()) >= 0
    could = settled.filter(pl.col("complete") & pl.Series(has_next))
    assert could["follows"].mean() == pytest.approx(0.6, abs=0.05)


def test_without_it_nothing_plays_by_itself() -> None:
    assert not (chronicle(0).kind("journeys", "play")["origin"] == AUTOPLAY).any()


def test_nothing_plays_by_itself_where_it_cannot_be_seen(told: Chronicle) -> None:
    found = told.kind("journeys", "play").filter(pl.col("origin") == AUTOPLAY)
    region = told.world.cohort.population.region[found["user_id"].to_numpy()]
    assert told.world.catalog.seen(found["item_id"].to_numpy(), region, found["at"].to_numpy()).all()
    assert len(np.unique(region)) == 2
