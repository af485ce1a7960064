"""Planted shifts: the world changes when the truth says so, and by as much."""

from typing import Any

import numpy as np
import pytest

from sim.dials import DIALS, Dials
from sim.durations import HOUR, MINUTE
from sim.names import UnknownNameError
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle

ENDINGS = ("abandon", "complete")


def shifted(dial: str, factor: float, at: Any = "90m", **changes: Any) -> Chronicle:
    shift = {"kind": "sudden", "name": "turn", "dial": dial, "at": at, "factor": factor}
    people = tiny_scenario().audience.model_dump() | {"viewers": 1200, "slate": 4}
    people["reactions"] = {"like": 0.2, "dislike": 0.1, "rate": 0.2}
    # Neither what is liked nor what is interrupted is to blur how long plays are by the law alone.
    people |= {"interruptions": {"pause": 0, "seek": 0}, "watching": {"kind": "weibull", "pull": 0}}
    catalog = tiny_scenario().catalog.model_dump() | {
        "formats": {"clip": {"median": "3m"}},
        "births_per_day": 0,
    }
    parts = {
        "shifts": [shift],
        "audience": people,
        "catalog": catalog,
        "campaigns": [],
        "media": [],
        **changes,
    }
    return Chronicle.of(tiny_scenario(**parts), 4 * HOUR)


def onset(told: Chronicle) -> int:
    (record,) = told.kind("truth", "shift").to_dicts()
    return int(record["at"])


def before_and_after(told: Chronicle, *names: str) -> tuple[int, int]:
    """Events of some kinds before the onset, and at or after it."""
    at = np.concatenate([told.kind("journeys", name)["at"].to_numpy() for name in names])
    return int(np.count_nonzero(at < onset(told))), int(np.count_nonzero(at >= onset(told)))


@pytest.mark.parametrize(("at", "effective"), [("0s", 0), ("5m", 5), ("7m", 10), ("90m", 90), ("90.01m", 95)])
def test_the_record_names_the_tick_in_which_it_takes_effect(at: str, effective: int) -> None:
    told = shifted("watch_scale", 1e-3, at)
    (record,) = told.kind("truth", "shift").to_dicts()
    assert record["at"] == told.start + effective * MINUTE
    assert (record["subject"], record["shift"], record["dial"], record["factor"]) == (
        *("shift:turn", "turn"),
        *("watch_scale", 1e-3),
    )
    plays = told.kind("journeys", "play").select("at", "user_id", "session_id", "item_id")
    begun = told.kind("journeys", "session_start")
    complete = told.kind("journeys", "complete").join(begun, on=["user_id", "session_id"], how="semi")
    starts = complete["at"] - complete["duration_ms"]
    # With next to no patience, plays that start after the onset end at once; those before go on as ever.
    patient = (starts >= record["at"]) & (complete["duration_ms"] > 1000)
    assert patient.sum() <= 0.01 * len(complete)
    assert ((plays["at"] < record["at"]).sum() == 0) == (effective == 0)
    if effective >= 90:
        assert (starts < record["at"]).sum() > 100


def test_watch_time_falls_by_the_factor() -> None:
    told = shifted("watch_scale", 0.25)
    over = [told.kind("journeys", name).select("at", "watched_ms", "duration_ms") for name in ENDINGS]
    at, watched, length = np.concatenate([table.to_numpy() for table in over]).T
    ratio, late = watched / length, at - watched >= onset(told)
    law = told.world.scenario.audience.watching
    # The share that stops before a quarter of the item, by the law of the scenario and by the shifted one.
    share = [float(1 - np.exp(-((0.25 / (law.scale * factor)) ** law.k))) for factor in (1, 0.25)]  # type: ignore[attr-defined]
    assert (ratio[~late] < 0.25).mean() == pytest.approx(share[0], abs=0.05)
    assert (ratio[late] < 0.25).mean() == pytest.approx(share[1], abs=0.05)


def test_reactions_and_talk_rise_by_the_factor() -> None:
    told = shifted("reactions", 3.0)
    plays = before_and_after(told, "complete", "abandon")
    rates = before_and_after(told, "rate")
    assert rates[1] / plays[1] == pytest.approx(3 * rates[0] / plays[0], rel=0.15)
    silent = shifted("talk", 1e-9)
    comments = silent.kind("content", "comment")["at"].to_numpy()
    assert np.count_nonzero(comments < onset(silent)) > 30
    assert np.count_nonzero(comments > onset(silent) + 10 * MINUTE) == 0


def test_choosiness_lets_taste_decide() -> None:
    told = shifted("choosiness", 8.0)
    choices = before_and_after(told, "select")
    slates = before_and_after(told, "impression")
    assert choices[1] / slates[1] > 1.2 * choices[0] / slates[0]


def test_arrivals_rise() -> None:
    told, plain = shifted("arrivals", 20.0), shifted("arrivals", 1.0)
    late = [before_and_after(world, "session_start")[1] for world in (told, plain)]
    assert late[0] > 1.5 * late[1]


def test_nothing_changes_before_the_onset() -> None:
    told, plain = shifted("watch_scale", 0.2), shifted("watch_scale", 1.0)
    first = [
        chronicle.stream("journeys").filter(chronicle.stream("journeys")["at"] < onset(told))
        for chronicle in (told, plain)
    ]
    assert first[0].equals(first[1])
    assert not told.stream("journeys").equals(plain.stream("journeys"))


def test_dials_multiply_and_know_their_names() -> None:
    dials = Dials()
    assert {name: dials[name] for name in DIALS} == dict.fromkeys(DIALS, 1.0)
    dials.turn("talk", 0.5)
    dials.turn("talk", 0.5)
    assert dials["talk"] == 0.25
    with pytest.raises(UnknownNameError, match=r"unknown dial 'tlak'.*Did you mean 'talk'"):
        dials.turn("tlak", 2)
