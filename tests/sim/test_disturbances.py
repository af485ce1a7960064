"""Disturbed fields: marginals that stay, couplings that turn, new words, missing values, wrong units."""

from itertools import takewhile
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from scipy.stats import spearmanr

from sim.dials import Dials
from sim.durations import HOUR
from sim.scenario import Scenario
from sim.testing import tiny_scenario
from sim.world import World

ENDS = ("complete", "abandon")


def scenario(*shifts: dict[str, Any]) -> Scenario:
    people = tiny_scenario().audience.model_dump() | {"viewers": 1500, "slate": 4, "block": 1024}
    people["arrivals"] = {"daily": [1] * 24, "weekly": [1] * 7}
    catalog = tiny_scenario().catalog.model_dump() | {"formats": {"clip": {"median": "1m", "spread": 0.6}}}
    return tiny_scenario(
        shifts=list(shifts), audience=people, catalog=catalog, campaigns=[], media=[], tick="10m"
    )


def planted(kind: str, field: str, *records: str, **given: Any) -> dict[str, Any]:
    named = {"kind": kind, "name": "it", "at": "1h", "records": list(records or ENDS), "field": field}
    return named | given


def records(chosen: Scenario, *kinds: str, hours: float = 2.5) -> pl.DataFrame:
    """Records of some kinds; a field that is missing is null."""
    end = chosen.start_ms + hours * HOUR
    rows = []
    for tick in takewhile(lambda tick: tick.at < end, World(chosen).ticks()):
        for batch in tick.on("journeys"):
            if batch.kind.name in kinds:
                place = {"at": batch.at, "source": batch.source, "number": batch.number, "tick": tick.index}
                told = pl.DataFrame(place | {name: series(c) for name, c in batch.columns.items()})
                rows.append(told.with_columns(kind=pl.lit(batch.kind.name)))
    return pl.concat(rows, how="vertical_relaxed")


def series(column: NDArray[Any]) -> pl.Series:
    present = ~np.ma.getmaskarray(column)
    return pl.Series(np.ma.getdata(column).astype(np.int64)).set(~pl.Series(present), None)


def coupling(frame: pl.DataFrame) -> float:
    return float(spearmanr(frame["watched_ms"], frame["duration_ms"]).statistic)


def since_onset(chosen: Scenario, frame: pl.DataFrame, *, before: bool = False) -> pl.DataFrame:
    late = pl.col("at") >= chosen.start_ms + HOUR
    return frame.filter(~late if before else late)


@pytest.mark.parametrize("rho", [-0.9, 0.0, 0.9])
def test_a_coupling_turns_and_every_value_stays(rho: float) -> None:
    coupled = scenario(planted("correlation", "watched_ms", beside="duration_ms", rho=rho))
    plain = scenario()
    seen = [records(each, *ENDS) for each in (coupled, plain)]
    order = ["source", "tick", "watched_ms"]
    # By block and tick, the same values are there, and so are all values of the other field, where they were.
    assert seen[0].select(order).sort(order).equals(seen[1].select(order).sort(order))
    assert seen[0].drop("watched_ms").equals(seen[1].drop("watched_ms"))
    found = [coupling(since_onset(coupled, each).filter(pl.col("kind") == "abandon")) for each in seen]
    # Spearman's correlation of a Gaussian copula is 6/π arcsin(ρ/2); small groups couple a little less.
    assert found[0] == pytest.approx(6 / np.pi * np.arcsin(rho / 2), abs=0.2)
    assert found[1] > 0.25


def test_a_new_word_belongs_to_the_same_viewers_each_time() -> None:
    chosen = scenario(planted("new_category", "device", "session_start", word="headset", share=0.3, of="tv"))
    words = chosen.vocabularies()["device"]
    assert words == ("tv", "phone", "headset")
    assert chosen.vocabularies(planned=False)["device"] == ("tv", "phone")
    seen = records(chosen, "session_start", hours=7)
    assert since_onset(chosen, seen, before=True)["device"].max() == 1
    late = since_onset(chosen, seen)
    devices = late.group_by("user_id").agg(pl.col("device").n_unique().alias("n"))
    assert devices["n"].max() == 1
    owners = late.unique("user_id")["device"]
    assert (owners == 2).sum() / (owners != 1).sum() == pytest.approx(0.3, abs=0.07)


def test_values_are_missing_at_their_rate_where_they_are_said_to_be() -> None:
    chosen = scenario(planted("missing_values", "watched_ms", rate=0.4, where={"region": ["south"]}))
    world = World(chosen)
    seen = since_onset(chosen, records(chosen, *ENDS))
    south = pl.Series(world.cohort.population.region[seen["user_id"].to_numpy()] == 1)
    assert seen.filter(south)["watched_ms"].is_null().mean() == pytest.approx(0.4, abs=0.05)
    assert seen.filter(~south)["watched_ms"].null_count() == 0
    assert 100 < south.sum() < len(south) / 2


def test_a_unit_is_wrong_in_one_place_and_until_the_end() -> None:
    wrong = planted("unit_error", "watched_ms", where={"device": ["phone"]}, lasts="1h")
    chosen = scenario(wrong)
    population = World(chosen).cohort.population
    seen, plain = records(chosen, *ENDS), records(scenario(), *ENDS)
    phone = population.device[seen["user_id"].to_numpy()] == 1
    start = chosen.start_ms
    within = ((seen["at"] >= start + HOUR) & (seen["at"] < start + 2 * HOUR)).to_numpy()
    true, told = plain["watched_ms"].to_numpy(), seen["watched_ms"].to_numpy()
    touched = phone & within
    assert touched.sum() > 50
    assert (told[touched] == np.rint(true[touched] / 1000)).all()
    assert (told[~touched] == true[~touched]).all()


def test_numbers_too_large_for_their_field_are_cut_off() -> None:
    seen = records(scenario(planted("unit_error", "watched_ms", factor=1e6)), *ENDS)
    assert seen["watched_ms"].max() == 10**8 - 1


def test_arrivals_are_weighed_and_as_many_as_before() -> None:
    weighed = {"kind": "covariate", "name": "it", "at": "1h", "attribute": "device", "weights": {"phone": 4}}
    chosen = scenario(weighed)
    seen = since_onset(chosen, records(chosen, "session_start", hours=8))
    plain = since_onset(chosen, records(scenario(), "session_start", hours=8))
    assert (plain["device"] == 1).mean() == pytest.approx(1 / 3, abs=0.05)
    # One in three, four times as often: 4/6.
    assert (seen["device"] == 1).mean() == pytest.approx(2 / 3, abs=0.07)
    assert len(seen) == pytest.approx(len(plain), rel=0.15)


def test_a_gradual_shift_wins_viewers_who_stay_won() -> None:
    dials, viewers = Dials(3), np.arange(20_000)
    dials.set("it", "watch_scale", 0.5, share=0.25)
    first = dials.of("watch_scale", viewers)
    dials.set("it", "watch_scale", 0.5, share=0.5)
    second = dials.of("watch_scale", viewers)
    assert np.unique(first).tolist() == np.unique(second).tolist() == [0.5, 1.0]
    assert [(each == 0.5).mean() for each in (first, second)] == pytest.approx([0.25, 0.5], abs=0.02)
    assert (second[first == 0.5] == 0.5).all()
    assert dials["watch_scale"] == pytest.approx(0.75)
    dials.turn("watch_scale", 2)
    dials.set("it", "watch_scale", 0.5, share=1)
    assert dials.of("watch_scale", viewers) == dials["watch_scale"] == 1.0


@pytest.mark.parametrize(
    ("shift", "told"),
    [
        (planted("new_category", "device", "session_start", word="tv", share=0.1), "'tv' is there already"),
        (
            planted("new_category", "device", "session_start", word="new", share=0.1, of="phon"),
            "Did you mean 'phone'",
        ),
        (planted("unit_error", "watched_ms", where={"region": ["nort"]}), "Did you mean 'north'"),
        (planted("unit_error", "watched_ms", where={"weather": ["wet"]}), "attribute of viewers 'weather'"),
        (planted("unit_error", "item_id"), "item_id is of type item; unit_error takes fields of type count"),
        (planted("correlation", "watched_ms", beside="watched_ms", rho=0), "cannot be coupled with itself"),
        (
            {"kind": "covariate", "name": "it", "at": 0, "attribute": "device", "weights": {"phon": 2}},
            "Did you mean 'phone'",
        ),
        (
            {
                **{"kind": "recurring", "name": "it", "at": 0, "dial": "talk", "factor": 2},
                **{"lasts": "2h", "every": "1h"},
            },
            "must be shorter than every",
        ),
    ],
)
def test_what_does_not_fit_is_told(shift: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        scenario(shift)


def test_more_of_what_is_written_violates() -> None:
    people = tiny_scenario().audience.model_dump() | {"viewers": 600}
    people["talk"] = {
        "comment": 0.8,
        "moderation": {"policies": [{"kind": "scam", "prevalence": 0.05, "hard_negatives": 0}]},
    }
    wave = {"kind": "prior", "name": "it", "at": "2h", "outcome": "violating", "factor": 8}
    chosen = tiny_scenario(shifts=[wave], audience=people, campaigns=[], media=[])
    end, labels = chosen.start_ms + 5 * HOUR, list[tuple[int, bool]]()
    for tick in takewhile(lambda tick: tick.at < end, World(chosen).ticks()):
        for batch in tick.on("truth"):
            if batch.kind.name == "label":
                labels += zip(batch.at.tolist(), batch.columns["violating"].tolist(), strict=True)
    late = np.array([at >= chosen.start_ms + 2.2 * HOUR for at, _ in labels])
    bad = np.array([violating for _, violating in labels])
    assert bad[~late].mean() == pytest.approx(0.05, abs=0.05)
    assert bad[late].mean() == pytest.approx(0.4, abs=0.1)
