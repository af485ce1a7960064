"""Mess is planted as often as asked, does what it says, and is told exactly."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from sim.durations import HOUR, MINUTE
from sim.fate import Fate
from sim.mess.mess import MESSES
from sim.mess.spoiling import Spoiling
from sim.scenario import Scenario
from sim.testing import tiny_scenario
from sim.world import World
from tests.sim.weather import EVENTS, START, VIEWERS, Row, weather

SPOILING = sorted(kind for kind, cls in MESSES.classes().items() if issubclass(cls, Spoiling))
FATES = {
    "dropped": {Fate.DROPPED},
    "malformed": {Fate.TRUNCATED, Fate.GARBLED},
    "oversized": {Fate.OVERSIZED},
    "schema_violating": {Fate.WRONG_TYPE, Fate.FIELD_MISSING},
    "tombstone": {Fate.TOMBSTONE},
}


def by_name(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.name, []).append(row)
    return found


@pytest.mark.parametrize("kind", SPOILING)
@pytest.mark.parametrize("rate", [0.001, 0.05, 0.7])
def test_as_many_are_hit_as_asked(kind: str, rate: float) -> None:
    hit = len(weather({"kind": kind, "rate": rate}).labels)
    low, high = binom.interval(1 - 1e-6, EVENTS, rate)
    assert low <= hit <= high


@pytest.mark.parametrize("kind", sorted(FATES))
def test_a_fate_is_that_of_its_label_and_of_nobody_else(kind: str) -> None:
    told = weather({"kind": kind, "rate": 0.05})
    names = {row.name for row in told.rows if row.fate}
    assert names == {label.subject for label in told.labels}
    assert {row.fate for row in told.rows if row.fate} == FATES[kind]
    assert Counter(row.name for row in told.rows).most_common(1)[0][1] == 1
    forms = Counter(label.form for label in told.labels)
    assert len(forms) == len(FATES[kind])
    assert min(forms.values()) > 0.4 * len(told.labels) / len(forms)


@pytest.mark.parametrize("kind", ["late", "out_of_order"])
def test_what_is_held_up_leaves_as_much_later_as_its_label_says(kind: str) -> None:
    told = weather({"kind": kind, "rate": 0.05})
    delays = {label.subject: label.amount for label in told.labels}
    assert {row.name: row.leaves - row.at for row in told.rows if row.leaves > row.at} == delays
    assert len(told.rows) == EVENTS
    assert told.held == 0


def test_delays_are_about_as_long_as_asked() -> None:
    late = [label.amount for label in weather({"kind": "late", "rate": 0.2, "by": "2m"}).labels]
    assert np.median(late) == pytest.approx(2 * MINUTE, rel=0.1)
    near = [label.amount for label in weather({"kind": "out_of_order", "rate": 0.2, "within": 800}).labels]
    assert (min(near), max(near)) == (1, 800)


def test_a_copy_follows_its_record_and_both_are_whole() -> None:
    told = weather({"kind": "duplicated", "rate": 0.05})
    delays = {label.subject: label.amount for label in told.labels}
    twice = {name: rows for name, rows in by_name(told.rows).items() if len(rows) > 1}
    assert twice.keys() == delays.keys()
    for name, (first, second) in twice.items():
        assert (first.fate, second.fate) == (Fate.WHOLE, Fate.COPY)
        assert first.leaves == first.at == second.at
        assert second.leaves - second.at == delays[name]


def test_a_device_keeps_the_error_of_its_clock() -> None:
    told = weather({"kind": "clock_skew", "rate": 0.1, "by": "1m", "ahead": 0.8})
    errors: dict[int, set[int]] = {}
    for row in told.rows:
        errors.setdefault(row.user, set()).add(row.told - row.at)
    assert all(len(each) == 1 for each in errors.values())
    wrong = [error for (error,) in errors.values() if error]
    low, high = binom.interval(1 - 1e-6, VIEWERS, 0.1)
    assert low <= len(wrong) <= high
    assert np.mean(np.array(wrong) > 0) > 0.6
    amounts = {label.subject: label.amount for label in told.labels}
    assert {row.name: row.told - row.at for row in told.rows if row.told != row.at} == amounts


def test_no_record_is_hit_twice_and_rates_keep_apart() -> None:
    together = weather(*({"kind": kind, "rate": 0.1} for kind in SPOILING))
    subjects = [label.subject for label in together.labels]
    assert len(subjects) == len(set(subjects))
    for kind, count in Counter(label.mess for label in together.labels).items():
        low, high = binom.interval(1 - 1e-6, EVENTS, 0.1)
        assert low <= count <= high, kind
    # What was there before is hit as it was, whatever is added behind it.
    first = {label for label in together.labels if label.mess == SPOILING[0]}
    assert first == set(weather({"kind": SPOILING[0], "rate": 0.1}).labels)


def test_who_cannot_show_the_time_has_no_wrong_one() -> None:
    told = weather(
        {"kind": "clock_skew", "rate": 1},
        {"kind": "dropped", "rate": 0.5},
        {"kind": "tombstone", "rate": 0.2},
    )
    subjects = [label.subject for label in told.labels]
    assert len(subjects) == len(set(subjects)) == EVENTS


def test_floods_are_as_large_as_asked_and_of_so_many() -> None:
    bots = {"kind": "bot_burst", "at": "10m", "bots": 30, "per_second": 2, "lasts": "1m"}
    told = weather(bots)
    assert len(told.labels) == pytest.approx(30 * 2 * 60, abs=60)
    names = {label.subject for label in told.labels}
    who = Counter(row.user for row in told.rows if row.name in names)
    assert 25 <= len(who) <= 30
    hot = weather({"kind": "hot_key", "at": "10m", "per_second": 3, "lasts": "5m"})
    assert len(hot.labels) == pytest.approx(3 * 300, abs=2)


def test_whoever_is_forgotten_takes_part_in_no_flood() -> None:
    flood = {"kind": "bot_burst", "bots": 30, "lasts": "1m"}
    before = {row.user for row in weather(flood).rows if row.at < START + MINUTE}
    gone = dict.fromkeys(before, START + MINUTE // 2)
    labels = weather(flood, departures=gone).labels
    assert labels
    assert max(label.at for label in labels) < START + MINUTE // 2


def test_a_tick_is_cut_by_when_records_leave() -> None:
    mess = [{"kind": "late", "rate": 0.3, "by": "3m"}, {"kind": "duplicated", "rate": 0.2}]
    world = World(tiny_scenario(mess=mess))
    for tick, _ in zip(world.ticks(), range(8), strict=False):
        end = tick.at + tick.span // 3
        cut = tick.until(end)
        whole = sorted(row for batch in tick.batches for row in batch.leaves.tolist() if row < end)
        assert sorted(row for batch in cut.batches for row in batch.leaves.tolist()) == whole
        for topic, order in cut.orders.items():
            leaves = np.concatenate([batch.leaves for batch in cut.on(topic)])[order]
            assert (np.diff(leaves) >= 0).all()


def test_without_mess_nothing_is_marked() -> None:
    world = World(tiny_scenario())
    assert world.stage.planting is None
    tick = next(world.ticks())
    assert all(
        batch.mess is None and batch.as_told() is batch and batch.sent() is batch for batch in tick.batches
    )


@pytest.mark.parametrize(
    ("mess", "told"),
    [
        ({"kind": "late", "kinds": ["plays"]}, "unknown kind of record 'plays'.*Did you mean 'play'"),
        ({"kind": "late", "topics": ["content"], "kinds": ["play"]}, "no record of kind play is on content"),
        ({"kind": "late", "topics": ["truth"]}, "Input should be 'journeys'"),
        ({"kind": "late", "every": "1h"}, "every 3600000 ms needs a shorter 'lasts'"),
        ({"kind": "late", "every": "1h", "lasts": "2h"}, "it would never pause"),
        ({"kind": "oversized", "size": 10_000_000}, "less than or equal to 1000000"),
        ({"kind": "lost"}, "unknown mess 'lost'"),
    ],
)
def test_what_cannot_be_is_refused(mess: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        MESSES.parse(mess)


def test_more_than_all_cannot_be_hit() -> None:
    mess = [{"kind": "late", "rate": 0.6}, {"kind": "dropped", "topics": ["content"], "rate": 0.6}]
    with pytest.raises(ValueError, match=r"1\.2 of all comment records would be hit; 1 is the most"):
        tiny_scenario(mess=mess)
    assert isinstance(tiny_scenario(mess=[{**mess[0], "topics": ["journeys"]}, mess[1]]), Scenario)


def test_what_is_long_over_is_not_looked_for() -> None:
    late = MESSES.parse({"kind": "late", "at": "1h", "lasts": "10m"})
    assert not late.touches(0, HOUR)
    assert late.touches(HOUR - 1, HOUR + 1)
    assert not late.touches(HOUR + 10 * MINUTE, 2 * HOUR)
