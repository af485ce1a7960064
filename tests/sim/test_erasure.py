"""Consent that changes, and viewers who have themselves forgotten."""

from typing import Any

import polars as pl
import pytest

from sim.durations import HOUR, MINUTE
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle

GRACE = 90 * MINUTE


@pytest.fixture(scope="module")
def told() -> Chronicle:
    """Ten hours in which most viewers ask to be forgotten, while a campaign posts in the name of some."""
    people = tiny_scenario().audience.model_dump() | {"viewers": 500, "slate": 2}
    people |= {"erasure": {"requests_per_year": 1500, "grace": "90m"}, "consent": {"changes_per_year": 2000}}
    people["churn"] = {"kind": "subscription", "late": 10, "away": "3h"}
    catalog = tiny_scenario().catalog.model_dump() | {"formats": {"clip": {"median": "3m"}}}
    waves: dict[str, Any] = {"kind": "copy_paste", "name": "vouchers", "accounts": 200, "every": "20m"}
    parts = {"catalog": catalog, "campaigns": [waves], "shifts": [], "media": []}
    return Chronicle.of(tiny_scenario(audience=people, **parts), 10 * HOUR)


@pytest.fixture(scope="module")
def erased(told: Chronicle) -> pl.DataFrame:
    return told.kind("audience", "erased").select("user_id", end="at")


def test_a_tombstone_comes_once_after_request_and_grace(told: Chronicle, erased: pl.DataFrame) -> None:
    asked = told.kind("audience", "erasure_requested")
    assert not asked["user_id"].is_duplicated().any()
    assert not erased["user_id"].is_duplicated().any()
    both = erased.join(asked, on="user_id", how="left")
    assert both["at"].null_count() == 0
    assert (both["end"] >= both["at"] + GRACE).all()
    assert len(erased) > 100
    # Only a session that goes on can make it later.
    overdue = asked.join(erased, on="user_id", how="anti")
    assert (overdue["at"] > told.ticks[-1].end - GRACE - HOUR).all()


def test_nothing_bears_the_key_of_the_forgotten(told: Chronicle, erased: pl.DataFrame) -> None:
    for topic in ("audience", "journeys", "content"):
        stream = told.stream(topic, "user_id").join(erased, on="user_id")
        after = stream.filter(pl.col("at") >= pl.col("end")).filter(pl.col("kind") != "erased")
        assert len(after) == 0, topic
    posts = told.stream("content", "user_id").join(erased, on="user_id")
    assert len(posts) > 50


def test_who_asks_opens_no_more_sessions(told: Chronicle) -> None:
    asked = told.kind("audience", "erasure_requested").select("user_id", asked="at")
    starts = told.kind("journeys", "session_start").join(asked, on="user_id")
    assert (starts["at"] < starts["asked"]).all()


def test_consent_changes_follow_from_each_other(told: Chronicle) -> None:
    first = told.kind("audience", "registered").select("user_id", "at", "consent")
    changes = told.kind("audience", "consent_changed").select("user_id", "at", "consent", "before")
    assert len(changes) > 50
    assert (changes["consent"] != changes["before"]).all()
    history = pl.concat([first.with_columns(before=pl.lit(None, pl.UInt8)), changes]).sort("user_id", "at")
    expected = history["consent"].shift(1)
    linked = history["before"].is_null() | (history["before"] == expected)
    assert linked.all()
    shares = changes.filter(pl.col("at") > changes["at"].median())["consent"].value_counts(normalize=True)
    assert shares.filter(consent=0)["proportion"][0] > 0.35
