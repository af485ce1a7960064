"""Campaigns are as findable as their timing makes them: the rule of published detectors, at their windows."""

import re
from typing import Any

import numpy as np
import pytest

from sim.adversaries.coordination import Shares, co_sharing, coordinated
from sim.durations import DAY, HOUR, MINUTE, SECOND
from sim.scenario import Scenario
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle

WINDOWS = (10 * SECOND, 60 * SECOND, 600 * SECOND)
MEMBERS, LINKS = 30, 15


def quiet(campaign: dict[str, Any]) -> Scenario:
    people = tiny_scenario().audience.model_dump() | {"talk": {"comment": 0, "post": 0, "upload": 0}}
    return tiny_scenario(audience=people, campaigns=[campaign], shifts=[], media=[])


def shares(story: Chronicle) -> Shares:
    rows = [
        (row["user_id"], found[0], row["at"])
        for name in story.kinds("content")
        for row in story.kind("content", name).to_dicts()
        if (found := re.findall(r"https://\S+\.test/\d+", row["text"]))
    ]
    names = {link: number for number, link in enumerate(dict.fromkeys(link for _, link, _ in rows))}
    columns = np.array([(user, names[link], at) for user, link, at in rows], dtype=np.int64)
    return Shares(*columns.T)


def synchronised(lag: dict[str, Any]) -> Shares:
    campaign = {"kind": "synchronised", "name": "chorus", "accounts": MEMBERS, "links": LINKS, "waves": 1}
    return shares(Chronicle.of(quiet(campaign | {"lag": lag, "apart": "1m"}), 3 * HOUR))


def recall(found: Shares) -> list[float]:
    return [len(coordinated(found, window=window)) / MEMBERS for window in WINDOWS]


@pytest.fixture(scope="module")
def organic() -> Shares:
    campaign = {"kind": "breaking_news", "name": "news", "accounts": 200, "stories": 3, "waves": 1}
    return shares(Chronicle.of(quiet(campaign), DAY))


def test_a_program_of_seconds_is_found_in_every_window() -> None:
    assert recall(synchronised({"kind": "exponential", "mean": "5s"})) == [1, 1, 1]


def test_ten_minutes_are_found_by_all_but_the_narrowest_window() -> None:
    at_10, at_60, at_600 = recall(synchronised({"kind": "uniform", "most": "10m"}))
    assert at_10 > 0.75
    assert at_60 == at_600 == 1


def test_two_hours_evade_ten_seconds_and_not_ten_minutes() -> None:
    at_10, at_60, at_600 = recall(synchronised({"kind": "uniform", "most": "2h"}))
    assert at_10 < 0.3
    assert 0.3 < at_60 < 0.95
    assert at_600 == 1


def test_the_window_that_finds_evaders_finds_people_too(organic: Shares, capsys: Any) -> None:
    accounts = len(np.unique(organic.account))
    rates = [len(coordinated(organic, window=window)) / accounts for window in WINDOWS]
    with capsys.disabled():
        print(f"\nbreaking news, false positives at 10, 60 and 600 s: {rates}")
    assert rates[0] <= 0.02
    assert rates[0] <= rates[1] <= rates[2]
    assert 0.1 < rates[2] < 0.95


def test_pairs_are_those_of_a_loop_over_all_pairs() -> None:
    rng = np.random.default_rng(5)
    found = Shares(rng.integers(12, size=120), rng.integers(9, size=120), rng.integers(0, 100_000, size=120))
    expected: dict[tuple[int, int], set[int]] = {}
    rows = list(zip(found.account.tolist(), found.what.tolist(), found.at.tolist(), strict=True))
    for one, what, at in rows:
        for other, same, later in rows:
            if one < other and what == same and abs(at - later) <= 3_000:
                expected.setdefault((one, other), set()).add(what)
    pairs, objects = co_sharing(found, window=3_000)
    told = {tuple(pair): count for pair, count in zip(pairs.tolist(), objects.tolist(), strict=True)}
    assert told == {pair: len(things) for pair, things in expected.items()}


def test_nobody_shares_with_nobody() -> None:
    nothing = np.empty(0, dtype=np.int64)
    assert len(coordinated(Shares(nothing, nothing, nothing), window=MINUTE)) == 0
