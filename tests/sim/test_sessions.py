"""What holds for every session of a simulated day."""

import polars as pl
import pytest

from sim.durations import DAY, MINUTE
from sim.events import KINDS
from sim.testing import busy_scenario, tiny_scenario
from tests.sim.chronicle import Chronicle

ENDINGS = ("skip", "abandon", "complete")
IN_SESSION = ["user_id", "session_id"]


@pytest.fixture(scope="module", params=[tiny_scenario, busy_scenario], ids=["tiny", "busy"])
def day(request: pytest.FixtureRequest) -> Chronicle:
    return Chronicle.of(request.param(), DAY)


@pytest.fixture(scope="module")
def journeys(day: Chronicle) -> pl.DataFrame:
    return day.stream("journeys", "user_id", "session_id").with_row_index("place")


@pytest.fixture(scope="module")
def begun(day: Chronicle) -> pl.DataFrame:
    """Sessions that began within the day."""
    return day.kind("journeys", "session_start").select(*IN_SESSION, began="at")


@pytest.fixture(scope="module")
def ended(day: Chronicle) -> pl.DataFrame:
    return day.kind("journeys", "session_end")


def test_a_day_has_something_of_every_kind(day: Chronicle) -> None:
    assert set(day.kinds("journeys")) >= {
        "session_start", "impression", "select", "play", "progress", "abandon", "complete", "like", "dislike",
        "rate", "session_end",
    }  # fmt: skip
    if day.world.scenario.name == "busy":
        assert set(day.kinds("journeys")) == {kind.name for kind in KINDS if kind.topic == "journeys"} - {
            "skip"
        }
    assert day.kinds("content") == ["comment", "post", "upload"]
    assert day.kinds("truth") == ["label", "shift"]


def test_every_event_lies_within_its_tick(day: Chronicle) -> None:
    for tick in day.ticks:
        for batch in tick.batches:
            assert tick.at <= batch.at.min(), batch.kind.name
            assert batch.at.max() < tick.end, batch.kind.name


@pytest.mark.parametrize("topic", ["journeys", "content", "truth", "catalog", "audience"])
def test_a_topic_is_emitted_in_order_of_time(day: Chronicle, topic: str) -> None:
    assert day.stream(topic)["at"].is_sorted()


@pytest.mark.parametrize("topic", ["journeys", "content", "truth", "catalog", "audience"])
def test_ids_are_unique_and_numbers_contiguous_in_order_of_time(day: Chronicle, topic: str) -> None:
    stream = day.stream(topic)
    assert stream["event_id"].n_unique() == len(stream)
    for (_,), events in stream.group_by("source"):
        assert events["number"].to_list() == list(range(len(events)))


def test_a_session_starts_once_and_before_all_else(journeys: pl.DataFrame) -> None:
    starts = journeys.filter(kind="session_start").select(*IN_SESSION, started="place")
    assert not starts.select(IN_SESSION).is_duplicated().any()
    others = journeys.filter(pl.col("kind") != "session_start").join(starts, on=IN_SESSION)
    assert (others["started"] < others["place"]).all()


def test_a_session_ends_once_and_after_all_else(journeys: pl.DataFrame) -> None:
    ends = journeys.filter(kind="session_end").select(*IN_SESSION, end="place")
    assert not ends.select(IN_SESSION).is_duplicated().any()
    others = journeys.filter(pl.col("kind") != "session_end").join(ends, on=IN_SESSION)
    assert (others["place"] < others["end"]).all()


def test_only_sessions_that_went_on_already_have_no_start(
    day: Chronicle, journeys: pl.DataFrame, begun: pl.DataFrame
) -> None:
    orphans = journeys.join(begun, on=IN_SESSION, how="anti")
    assert len(orphans)
    assert set(orphans["session_id"]) == {0}
    assert orphans.group_by("user_id").agg(pl.col("at").min())["at"].min() < day.start + 30 * MINUTE


def test_sessions_of_a_viewer_never_overlap(begun: pl.DataFrame, ended: pl.DataFrame) -> None:
    sessions = begun.join(ended.select(*IN_SESSION, ended="at"), on=IN_SESSION, how="left").sort(
        "user_id", "began"
    )
    following = sessions.with_columns(next=pl.col("began").shift(-1).over("user_id")).drop_nulls("next")
    assert following["ended"].null_count() == 0
    assert (following["ended"] < following["next"]).all()


def test_sessions_of_a_viewer_are_counted(begun: pl.DataFrame) -> None:
    steps = (
        begun.sort("user_id", "began").select(step=pl.col("session_id").diff().over("user_id")).drop_nulls()
    )
    assert set(steps["step"]) == {1}


def test_what_a_session_says_at_its_end_is_what_it_did(
    day: Chronicle, begun: pl.DataFrame, ended: pl.DataFrame
) -> None:
    whole = ended.join(begun, on=IN_SESSION)
    assert (whole["at"] - whole["began"] == whole["lasted_ms"]).all()
    seen = day.kind("journeys", "impression").group_by(IN_SESSION).agg(seen=pl.col("slate_id").n_unique())
    played = day.kind("journeys", "play").group_by(IN_SESSION).agg(played=pl.len())
    whole = whole.join(seen, on=IN_SESSION).join(played, on=IN_SESSION, how="left").fill_null(0)
    assert (whole["slates"] == whole["seen"]).all()
    assert (whole["plays"] == whole["played"]).all()


def test_a_slate_shows_every_rank_once_and_no_item_twice(day: Chronicle) -> None:
    size = day.world.scenario.audience.slate
    slates = day.kind("journeys", "impression").group_by(*IN_SESSION, "slate_id")
    shown = slates.agg(
        items=pl.col("item_id").n_unique(), ranks=pl.col("rank").sort(), at=pl.col("at").n_unique()
    )
    assert set(shown["items"]) == {size}
    assert set(shown["at"]) == {1}
    assert (shown["ranks"] == pl.Series([list(range(1, size + 1))], dtype=shown["ranks"].dtype)).all()


def test_what_is_selected_was_shown_at_that_rank_and_earlier(day: Chronicle, begun: pl.DataFrame) -> None:
    where = [*IN_SESSION, "slate_id", "item_id", "rank"]
    shown = day.kind("journeys", "impression").select(*where, shown="at")
    selected = day.kind("journeys", "select").join(begun, on=IN_SESSION, how="semi")
    both = selected.join(shown, on=where)
    assert len(both) == len(selected)
    assert (both["at"] > both["shown"]).all()
    assert not selected.select(*IN_SESSION, "slate_id").is_duplicated().any()


def turns(found: pl.DataFrame) -> pl.DataFrame:
    """Numbers what happens once a play, play by play."""
    found = found.sort(*IN_SESSION, "at")
    return found.with_columns(turn=pl.int_range(pl.len()).over(IN_SESSION))


def plays(day: Chronicle) -> pl.DataFrame:
    return turns(day.kind("journeys", "play"))


def endings(day: Chronicle, begun: pl.DataFrame) -> pl.DataFrame:
    """The end of each play that began within the day."""
    fields = ["at", *IN_SESSION, "item_id", "watched_ms", "duration_ms", "kind"]
    kinds = [name for name in ENDINGS if name in day.kinds("journeys")]
    found = pl.concat([day.kind("journeys", name).select(fields) for name in kinds])
    # Plays that went on when the run began end without having started here; and some never start.
    return turns(found.filter(pl.col("watched_ms") > 0).join(begun, on=IN_SESSION))


def held(day: Chronicle, pairs: pl.DataFrame) -> pl.Series:
    """For how long each play was held up by pauses, stalls and jumps back."""
    parts = [
        pl.DataFrame(schema={"at": pl.Int64, "user_id": pl.Int64, "session_id": pl.Int64, "held": pl.Int64})
    ]
    for name, lasted in (
        ("pause", pl.col("lasted_ms")),
        ("stall", pl.col("lasted_ms")),
        ("seek", pl.col("position_ms") - pl.col("to_ms")),
    ):
        if name in day.kinds("journeys"):
            told = day.kind("journeys", name).select("at", *IN_SESSION, held=lasted.cast(pl.Int64))
            parts.append(told.cast({"user_id": pl.Int64, "session_id": pl.Int64}))
    numbered = pairs.select("user_id", "session_id", pl.col("at").alias("start"), "at_over").with_row_index(
        "n"
    )
    numbered = numbered.cast({"user_id": pl.Int64, "session_id": pl.Int64})
    both = numbered.join(pl.concat(parts), on=IN_SESSION)
    within = both.filter((pl.col("at") >= pl.col("start")) & (pl.col("at") <= pl.col("at_over")))
    sums = within.group_by("n").agg(pl.col("held").sum())
    return numbered.join(sums, on="n", how="left").sort("n")["held"].fill_null(0)


def test_every_play_of_a_slate_follows_its_select(day: Chronicle, begun: pl.DataFrame) -> None:
    selected = turns(day.kind("journeys", "select").join(begun, on=IN_SESSION, how="semi"))
    slate = day.world.scenario.vocabularies()["origin"].index("slate")
    found = turns(day.kind("journeys", "play").filter(origin=slate).join(begun, on=IN_SESSION, how="semi"))
    before = selected.select(*IN_SESSION, "item_id", selected="at").sort("selected")
    pairs = found.sort("at").join_asof(
        before, left_on="at", right_on="selected", by=[*IN_SESSION, "item_id"], check_sortedness=False
    )
    assert pairs["selected"].null_count() == 0
    assert (pairs["at"] > pairs["selected"]).all()
    if day.world.scenario.audience.experience is None:
        # A select in the last seconds of the day may have its play after it.
        assert len(found) >= len(selected) - 20
    else:
        assert len(found) < len(selected)


def test_every_play_ends_exactly_once(day: Chronicle, begun: pl.DataFrame) -> None:
    mine = plays(day).join(begun, on=IN_SESSION)
    over = endings(day, begun)
    pairs = mine.join(over, on=[*IN_SESSION, "turn"], how="left", suffix="_over")
    unfinished = pairs.filter(pl.col("at_over").is_null())
    end_of_day = day.ticks[-1].end
    longest = day.world.scenario.audience.watching.loops
    assert (unfinished["at"] + unfinished["duration_ms"] * longest >= end_of_day - 20 * MINUTE).all()
    assert len(over) == len(mine) - len(unfinished)
    pairs = pairs.drop_nulls("at_over")
    assert (pairs["item_id"] == pairs["item_id_over"]).all()
    assert (pairs["at"] + pairs["watched_ms"] + held(day, pairs) == pairs["at_over"]).all()
    assert (pairs["duration_ms"] == pairs["duration_ms_over"]).all()


def test_nobody_watches_longer_than_the_item_unless_it_begins_again(
    day: Chronicle, begun: pl.DataFrame
) -> None:
    over = endings(day, begun)
    complete = over["kind"] == "complete"
    assert (over["watched_ms"] >= 1).all()
    assert ((over["watched_ms"] >= over["duration_ms"]) == complete).all()
    loops = day.world.scenario.audience.watching.loops
    films = over["duration_ms"] > 10 * MINUTE
    assert (over.filter(films)["watched_ms"] <= over.filter(films)["duration_ms"]).all()
    assert (over["watched_ms"] <= over["duration_ms"] * loops).all()
    assert (loops > 1) == (over["watched_ms"] > over["duration_ms"]).any()


def test_progress_tells_each_quarter_that_was_passed(day: Chronicle, begun: pl.DataFrame) -> None:
    over = endings(day, begun)
    told = (
        day.kind("journeys", "progress")
        .join(begun, on=IN_SESSION)
        .group_by(*IN_SESSION, "item_id")
        .agg(n=pl.len())
    )
    length, watched = over["duration_ms"], over["watched_ms"]
    passed = sum(
        ((watched > length * quarter // 4).cast(pl.Int64) for quarter in (1, 2, 3)),
        pl.Series([0] * len(over)),
    )
    expected = over.with_columns(passed=passed).group_by(*IN_SESSION, "item_id").agg(pl.col("passed").sum())
    both = expected.join(told, on=[*IN_SESSION, "item_id"], how="left").fill_null(0)
    # Sessions that are still going on have quarters of a play that is not over yet.
    closed = both.join(day.kind("journeys", "session_end"), on=IN_SESSION, how="semi")
    assert (closed["passed"] == closed["n"]).all()


def test_a_viewer_registers_once_before_or_as_they_come(day: Chronicle, journeys: pl.DataFrame) -> None:
    registered = day.kind("audience", "registered")
    assert not registered["user_id"].is_duplicated().any()
    first = journeys.group_by("user_id").agg(first=pl.col("at").min())
    both = first.join(registered, on="user_id", how="left")
    assert both["at"].null_count() == 0
    assert (both["at"] <= both["first"]).all()


def test_reactions_come_as_a_play_ends(day: Chronicle) -> None:
    kinds = [name for name in ENDINGS if name in day.kinds("journeys")]
    over = pl.concat([day.kind("journeys", name).select("at", *IN_SESSION, "item_id") for name in kinds])
    for name in ("like", "dislike", "rate", "list_add", "share", "follow"):
        reactions = day.kind("journeys", name)
        assert len(reactions.join(over, on=["at", *IN_SESSION, "item_id"], how="semi")) == len(reactions)
    halves = {2, 4, 6, 8, 10} if day.world.scenario.name == "tiny" else set(range(1, 11))
    assert set((rate := day.kind("journeys", "rate"))["stars"] * 2 + rate["half"]) <= halves
