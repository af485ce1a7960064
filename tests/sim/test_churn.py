"""Who stays, who leaves and who comes back: against what was published about subscribers, and within a world."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.audience.churn import MONTH_DAYS, Churn
from sim.audience.churning.beta_geometric import BetaGeometric
from sim.audience.churning.subscription import Subscription
from sim.audience.consent import Consent, Erasure
from sim.audience.lives import AWAY, CANCEL, GONE, MEMBER, RETURN, Lives
from sim.audience.stock import Stock
from sim.durations import DAY, HOUR
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle

VIEWERS = 60_000
START = 1_767_571_200_000


def survival(churn: Subscription, spell: int, months: float) -> float:
    days = np.arange(round(months * MONTH_DAYS)) + 0.5
    return float(np.exp(-churn.cancelling(days, np.full(len(days), spell)).sum()))


def test_subscriptions_last_as_long_as_published() -> None:
    churn = Subscription()
    # Antenna 2023: still subscribed after 12 months by first, second and third subscription; after 3 months.
    assert [survival(churn, n, 12) for n in (1, 2, 3)] == pytest.approx([0.45, 0.36, 0.26], abs=0.02)
    assert survival(churn, 1, 3) == pytest.approx(0.61, abs=0.02)
    back = churn.win_back * -np.expm1(-np.array([3, 12]) * MONTH_DAYS * DAY / churn.away)
    assert back == pytest.approx([0.25, 0.40], abs=0.02)


def lives_of(people: Any, churn: Churn) -> Lives:
    return Lives(people, churn, Consent(), Erasure(), 7, start=START, span=HOUR)


class People:
    """As much of a population as lives are about."""

    def __init__(self, count: int) -> None:
        self.viewer = np.arange(count)

    def __len__(self) -> int:
        return len(self.viewer)


@pytest.fixture(scope="module")
def months() -> tuple[list[tuple[int, int, int]], Lives]:
    """A year: by day, members at its beginning, how many cancelled, and how many came back."""
    lives = lives_of(People(VIEWERS), Subscription())
    told = []
    for day in range(360):
        members = int(np.count_nonzero(lives.status == MEMBER))
        cancelled, back = [], []
        for hour in range(24):
            now = START + day * DAY + hour * HOUR
            due = lives.due(now, now + HOUR)
            if due is not None:
                cancelled.append(due["row"][due["what"] == CANCEL])
                back.append(due["row"][due["what"] == RETURN])
        gone, returned = np.concatenate(cancelled), np.concatenate(back)
        at = np.full(len(gone), START + day * DAY)
        lives.enter(gone, GONE, at)
        lives.status[gone[lives.returners(gone)]] = AWAY
        lives.spell[returned] += 1
        lives.enter(returned, MEMBER, np.full(len(returned), START + day * DAY))
        told.append((members, len(gone), len(returned)))
    return told, lives


def test_gross_and_net_churn_are_as_published(months: tuple[list[tuple[int, int, int]], Lives]) -> None:
    month = months[0][:30]
    gross = sum(gone for _, gone, _ in month) / month[0][0] * MONTH_DAYS / 30
    net = gross - sum(back for *_, back in month) / month[0][0] * MONTH_DAYS / 30
    # Antenna, September 2024: 5.3 % gross, 3.1 % net.
    assert gross == pytest.approx(0.053, abs=0.004)
    assert net == pytest.approx(0.031, abs=0.004)


def test_without_newcomers_the_audience_shrinks_by_its_net_churn(
    months: tuple[list[tuple[int, int, int]], Lives],
) -> None:
    told, lives = months
    expected = told[0][0] + sum(back - gone for _, gone, back in told)
    assert np.count_nonzero(lives.status == MEMBER) == expected
    assert 0.60 < expected / told[0][0] < 0.85


def test_the_stock_is_in_balance() -> None:
    stock = Stock.of(Subscription())
    uniform = np.random.default_rng(1).random((2, 200_000))
    spell, days = stock.drawn(*uniform)
    hazard = Subscription().cancelling(days, spell) * MONTH_DAYS
    first, second = days < 365, (days >= 365) & (days < 730)
    # Antenna, end of 2023: .086 a month in the first year of tenure, .040 in the second.
    assert hazard[first].mean() == pytest.approx(0.086, abs=0.015)
    assert hazard[second].mean() == pytest.approx(0.040, abs=0.010)
    # As many come back as leave for a while.
    assert stock.away / (1 - stock.away) * MONTH_DAYS * DAY / Subscription().away == pytest.approx(
        hazard.mean() * Subscription().win_back, rel=0.04
    )


def test_dropouts_are_as_many_as_the_beta_law_says() -> None:
    churn = BetaGeometric()
    lives = lives_of(People(VIEWERS), churn)
    alive, rows = np.ones(VIEWERS, dtype=bool), np.arange(VIEWERS)
    for session in range(8):
        alive &= ~lives.drops_out(rows, np.full(VIEWERS, session))
        # P(alive after x transactions) = B(a, b + x) / B(a, b).
        x = np.arange(session + 1)
        expected = np.prod((churn.b + x) / (churn.a + churn.b + x))
        assert alive.mean() == pytest.approx(expected, abs=0.012)
    assert lives.quiet


def scenario(**audience: Any) -> Any:
    people = tiny_scenario().audience.model_dump() | {"viewers": 1500, "block": 128, "slate": 2}
    people |= {"regions": {"north": {"share": 1, "utc_offset": 1, "languages": {"en": 1}}}}
    people |= {"depth": {"kind": "inverse_gaussian", "mean": 1, "shape": 1, "most": 2}}
    people |= {"returning": {"kind": "weibull_gaps", "mean": "4h"}}
    catalog = tiny_scenario().catalog.model_dump() | {"launches": [], "births_per_day": 0}
    catalog["formats"] = {"clip": {"median": "2m"}}
    people["talk"] = {"comment": 0, "post": 0, "upload": 0}
    parts = {"catalog": catalog, "campaigns": [], "shifts": [], "media": [], "tick": "10m"}
    return tiny_scenario(audience=people | audience, **parts)


@pytest.fixture(scope="module")
def restless() -> Chronicle:
    """Three days in which most viewers cancel, and many come back."""
    churn = {"kind": "subscription", "late": 8, "early": 0, "win_back": 0.5, "away": "1d", "growth": 1.0}
    return Chronicle.of(scenario(churn=churn), 3 * DAY)


def test_who_cancels_comes_no_more_until_they_subscribe_again(restless: Chronicle) -> None:
    ends = restless.kind("audience", "cancelled").select("user_id", "at", away=pl.lit(1))
    begins = restless.kind("audience", "resubscribed").select("user_id", "at", away=pl.lit(-1))
    assert len(ends) > 300
    assert len(begins) > 100
    moves = pl.concat([ends, begins]).sort("user_id", "at")
    starts = restless.kind("journeys", "session_start").select("user_id", "at")
    before = starts.sort("at").join_asof(moves.sort("at"), on="at", by="user_id", strategy="backward")
    assert (before["away"].fill_null(-1) == -1).all()
    for _, life in moves.group_by("user_id"):
        assert (life["away"].diff().drop_nulls().abs() == 2).all()


def test_who_subscribes_again_comes_at_once(restless: Chronicle) -> None:
    begins = restless.kind("audience", "resubscribed").select("user_id", "at")
    starts = restless.kind("journeys", "session_start").select("user_id", "at", came="at")
    after = begins.sort("at").join_asof(
        starts.sort("at"), on="at", by="user_id", strategy="forward", tolerance=2_000
    )
    assert after["came"].null_count() <= 0.05 * len(after)


def test_everyone_is_introduced_before_anything_is_told_of_them(restless: Chronicle) -> None:
    stream = restless.stream("audience", "user_id").with_row_index("place")
    first = stream.group_by("user_id").agg(pl.col("kind").sort_by("place").first())
    assert set(first["kind"]) == {"registered"}
    assert not stream.filter(kind="registered")["user_id"].is_duplicated().any()


def test_those_who_drop_out_say_nothing() -> None:
    curve = {"daily": (1,) * 24, "weekly": (1,) * 7}
    told = Chronicle.of(scenario(churn={"kind": "beta_geometric", "a": 4, "b": 4}, arrivals=curve), DAY)
    assert told.kinds("audience") == ["registered"]
    day = (told.kind("journeys", "session_start")["at"].to_numpy() - told.start) // (6 * HOUR)
    assert np.bincount(day)[3] < 0.5 * np.bincount(day)[0]


@pytest.mark.parametrize("branching", [0.0, 0.3])
def test_the_pilot_knows_who_is_away(branching: float) -> None:
    curve = {"daily": (1,) * 24, "weekly": (1,) * 7}
    given = {"churn": {"kind": "subscription"}, "excitation": {"branching": branching, "delay": "1h"}}
    told = Chronicle.of(scenario(viewers=4000, arrivals=curve, activity_spread=0.3, **given), DAY)
    expected = told.world.pace.expected
    assert expected is not None
    sessions = len(told.kind("journeys", "session_start"))
    assert sessions == pytest.approx(expected.sessions_per_second() * DAY / 1000, rel=0.03)
