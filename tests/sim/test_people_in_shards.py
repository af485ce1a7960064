"""Everything that people do, at once: the same bytes again, and the same events however many shards there are."""

import hashlib
from collections import Counter
from functools import cache

import pytest

from sim.durations import HOUR
from sim.numbering import seed_tag
from sim.pace import Pace
from sim.scenario import Scenario
from sim.testing import tiny_scenario
from sim.world import World
from streams.codec.json_codec import JsonCodec
from tests.sim.chronicle import ticks_of

SPAN = 4 * HOUR
AUDIENCE = {
    "viewers": 1100,
    "block": 100,
    "slate": 4,
    "arrivals": {
        "monthly": (1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3),
        "holidays": {"twelfth_night": {"on": "01-05", "at": "2h", "lasts": "2h", "factor": 2}},
        "regions": {"south": {"weekly": (3, 1, 1, 1, 1, 1, 1)}},
        "devices": {"phone": {"earlier": 1}},
    },
    "excitation": {"branching": 0.3, "delay": "15m"},
    "churn": {"kind": "subscription", "late": 12, "away": "1d"},
    "consent": {"changes_per_year": 500},
    "erasure": {"requests_per_year": 200, "grace": "20m"},
    "households": {"share": 0.4},
    "newcomers": [
        {"per_day": 900, "over": "1d"},
        {"number": 150, "region": "south", "at": "1h", "over": "1h"},
    ],
    "personas": {
        "leanings": {"open": 2, "comedy": 1},
        "together": [{"where": {"age_band": "65+", "device": "tv"}, "share": 0.08}],
    },
    "groups": {"captioned_spanish": {"where": {"language": "es", "accessibility": "captions"}, "count": 40}},
}


@cache
def scenario() -> Scenario:
    return tiny_scenario(
        audience=tiny_scenario().audience.model_dump() | AUDIENCE,
        shifts=[{"kind": "sudden", "name": "rush", "dial": "arrivals", "at": "90m", "factor": 1.7}],
    )


@cache
def lines(shard: tuple[int, int] = (0, 1), again: int = 0) -> dict[str, list[bytes]]:
    """The records of a run by topic, in the order in which they leave; a crowd comes to the south."""
    world = World(scenario(), shard=shard, pace=Pace.of(scenario()))
    world.cohort.crowds.gather(world.env.now + 2 * HOUR, HOUR // 2, 6.0, ["south"])
    codec = JsonCodec(seed_tag(scenario().seed), scenario().vocabularies())
    told: dict[str, list[bytes]] = {}
    for tick in ticks_of(world, SPAN):
        for topic, order in tick.orders.items():
            joined = [line for batch in tick.on(topic) for line in codec.lines(batch)]
            told.setdefault(topic, []).extend(joined[place] for place in order.tolist())
    return told


def digest(told: dict[str, list[bytes]]) -> str:
    return hashlib.sha256(repr(sorted(told.items())).encode()).hexdigest()


def test_something_of_everything_happens() -> None:
    for kind in ("registered", "cancelled", "resubscribed", "consent_changed", "erasure_requested", "erased"):
        assert sum(f'"kind":"{kind}"'.encode() in line for line in lines()["audience"]) > 3, kind
    assert any(b'"kind":"household"' in line for line in lines()["truth"])
    assert len(lines()["journeys"]) > 5_000


def test_same_seed_same_bytes() -> None:
    assert digest(lines(again=1)) == digest(lines())


@pytest.mark.parametrize("shards", [2, 4])
def test_shards_together_are_the_whole(shards: int) -> None:
    parts = [lines((i, shards)) for i in range(shards)]
    for topic, told in lines().items():
        joined = Counter(line for part in parts for line in part.get(topic, ()))
        assert joined == Counter(told), topic
        assert max(joined.values()) == 1
