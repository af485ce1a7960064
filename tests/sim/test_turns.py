"""What viewers do in a turn, told from the log of a day with every behaviour on."""

import numpy as np
import polars as pl
import pytest

from sim.audience.origins import ORIGINS
from sim.audience.population import CONSENTS
from sim.durations import DAY
from sim.testing import busy_scenario, tiny_scenario
from sim.world import World
from tests.sim.chronicle import Chronicle

IN_SESSION = ["user_id", "session_id"]


@pytest.fixture(scope="module")
def busy() -> Chronicle:
    parts = busy_scenario().audience.model_dump(mode="json") | {"viewers": 900}
    return Chronicle.of(busy_scenario(audience=parts, shifts=[], campaigns=[]), DAY)


def plays(told: Chronicle, origin: str) -> pl.DataFrame:
    return told.kind("journeys", "play").filter(origin=ORIGINS.index(origin))


def near(count: int, of: int, share: float, *, slack: float = 0.0) -> bool:
    """A share that chance explains."""
    return abs(count / of - share) < 4.5 * (share * (1 - share) / of) ** 0.5 + slack


def test_a_play_is_followed_by_a_repeat_with_the_probability_that_is_set(busy: Chronicle) -> None:
    share = busy.world.scenario.audience.repeating.share  # type: ignore[union-attr]
    repeats, all_plays = len(plays(busy, "repeat")), len(busy.kind("journeys", "play"))
    # Every play, those that never started among them, is followed by a repeat as often.
    assert near(repeats, all_plays, share, slack=0.01)


def test_what_is_played_again_is_among_what_was_played_last(busy: Chronicle) -> None:
    memory = busy.world.scenario.audience.memory
    begun = busy.kind("journeys", "session_start").filter(session_id=0)
    picks = [busy.kind("journeys", "play").select("at", *IN_SESSION, "item_id", "origin")]
    # What was picked but never started is remembered too.
    gone = busy.kind("journeys", "abandon").filter(watched_ms=0).select("at", *IN_SESSION, "item_id")
    picks.append(gone.with_columns(origin=pl.lit(255).cast(pl.UInt8)))
    told = pl.concat(picks).join(begun, on="user_id", how="semi").sort("user_id", "at")
    checked = 0
    for _, life in told.group_by("user_id", maintain_order=True):
        items, origins = life["item_id"].to_list(), life["origin"].to_list()
        for place in np.flatnonzero(np.array(origins) == ORIGINS.index("repeat")).tolist():
            assert items[place] in items[max(0, place - memory) : place]
            checked += 1
    assert checked > 300


def test_slates_of_which_nothing_is_picked_are_followed_by_a_search(busy: Chronicle) -> None:
    slates = busy.kind("journeys", "impression").select(*IN_SESSION, "slate_id").unique()
    passed = len(slates) - len(busy.kind("journeys", "select"))
    searches = busy.kind("journeys", "search")
    assert near(len(searches), passed, busy.world.scenario.audience.searching.share, slack=0.01)
    found = plays(busy, "search").with_columns(
        genre=busy.world.catalog.genre[plays(busy, "search")["item_id"]]
    )
    pairs = found.sort("at").join_asof(
        searches.select(*IN_SESSION, "at", searched="genre").sort("at"),
        on="at",
        by=IN_SESSION,
        check_sortedness=False,
    )
    inside = pairs.drop_nulls("searched")
    assert len(inside) > 0.9 * len(found)
    assert (inside["genre"].cast(pl.Int64) == inside["searched"].cast(pl.Int64)).all()
    region = {row["user_id"]: row["region"] for row in busy.kind("audience", "registered").to_dicts()}
    since = busy.world.catalog.available_from
    for row in found.select("user_id", "item_id", "at").to_dicts():
        assert since[row["item_id"], region[row["user_id"]]] <= row["at"]


def test_people_search_for_what_they_like(busy: Chronicle) -> None:
    searches, world = busy.kind("journeys", "search"), busy.world
    catalog = world.catalog
    centre = np.array([catalog.trait[catalog.genre == g].mean(axis=0) for g in range(len(catalog.genres))])
    liking = world.cohort.population.taste[searches["user_id"].to_numpy()] @ centre.T
    wanted = liking[np.arange(len(searches)), searches["genre"].to_numpy()]
    assert wanted.mean() > liking.mean() + 0.1


def test_some_do_not_wait_for_the_first_frame(busy: Chronicle) -> None:
    gone = busy.kind("journeys", "abandon").filter(watched_ms=0)
    experience, world = busy.world.scenario.audience.experience, busy.world
    assert experience is not None
    phone = tuple(world.scenario.audience.devices).index("phone")
    device = world.cohort.population.device
    for code, factor in ((phone, 3.0), (1 - phone, 1.0)):
        uniform = np.random.default_rng(1).random((2, 200_000))
        share = experience.gives_up(
            experience.startup(np.full(200_000, factor), uniform[0]), uniform[1]
        ).mean()
        told = int((device[gone["user_id"].to_numpy()] == code).sum())
        started = int((device[busy.kind("journeys", "play")["user_id"].to_numpy()] == code).sum())
        assert near(told, told + started, float(share), slack=0.005)


def test_sessions_end_before_their_depth_where_there_is_a_reason() -> None:
    def slates(**changes: object) -> float:
        parts = tiny_scenario().audience.model_dump(mode="json") | {"viewers": 600} | changes
        told = Chronicle.of(tiny_scenario(audience=parts, shifts=[], campaigns=[], media=[]), DAY // 4)
        return float(told.kind("journeys", "session_end")["slates"].mean())  # type: ignore[arg-type]

    hazard = {"kind": "logistic_hazard", "base": -1, "utility": 0, "boredom": 0, "stalls": 0}
    deep = {"kind": "power_law", "exponent": 0, "most": 60}
    # A constant hazard h gives geometric depths, of mean 1/h, but for the limit.
    assert slates(leaving=hazard, depth=deep) == pytest.approx(1 + np.e, rel=0.12)
    assert slates(leaving=hazard, depth={"kind": "power_law", "exponent": 6, "most": 2}) < 1.1


def test_who_tires_of_a_genre_turns_to_another() -> None:
    def changes_of_genre(weight: float) -> float:
        parts = tiny_scenario().audience.model_dump(mode="json") | {"viewers": 300, "slate": 8}
        parts |= {"satiation": {"kind": "fading_count", "threshold": 1, "weight": weight}}
        parts |= {"depth": {"kind": "power_law", "exponent": 0, "most": 30}}
        told = Chronicle.of(tiny_scenario(audience=parts, shifts=[], campaigns=[], media=[]), DAY // 4)
        picked = told.kind("journeys", "select").sort(*IN_SESSION, "at")
        picked = picked.with_columns(genre=told.world.catalog.genre[picked["item_id"].to_numpy()].astype(int))
        step = picked.select(pl.col("genre").diff().over(IN_SESSION).alias("step")).drop_nulls()
        return float((step["step"] != 0).mean())  # type: ignore[arg-type]

    assert changes_of_genre(6) > changes_of_genre(0) + 0.08


def test_requests_tell_what_was_played_last_and_are_asked_without_consequence() -> None:
    world = World(busy_scenario(campaigns=[]))
    for _, _tick in zip(range(16), world.ticks(), strict=False):
        pass
    sessions = world.cohort.sessions
    rows = np.flatnonzero(sessions.memory.of(np.arange(len(sessions.population)))[:, 0] >= 0)[:40]
    assert len(rows) == 40
    walk = sessions.opened(rows, np.full(40, world.stage.tick * world.pace.span), np.full(40, 9))
    asked, again = sessions.requests(walk), sessions.requests(walk)
    # Who agreed to the necessary only is remembered, for what they play again, but not told to recommenders.
    told = np.flatnonzero((asked.recent >= 0).any(axis=1))
    assert len(told) > 20
    assert (asked.recent[told] == sessions.memory.of(rows[told])).all()
    necessary = tuple(CONSENTS).index("necessary")
    assert (sessions.population.consent[np.delete(rows, told)] == necessary).all()
    assert asked.recent.shape == (40, 6)
    assert (asked.bits == again.bits).all()
    kept = {name: column.copy() for name, column in walk.items()}
    sessions.respond(walk, asked, world.policy.answer(asked))
    assert all((walk[name] == column).all() for name, column in kept.items())
