"""Same seed, same bytes; and shards that together are the whole, record for record."""

import hashlib
from collections import Counter
from functools import cache

import pytest

from sim.durations import MINUTE
from sim.numbering import seed_tag
from sim.pace import Pace
from sim.scenario import Scenario
from sim.scenario_file import load, shipped
from sim.testing import busy_scenario
from sim.world import World
from streams.codec.json_codec import JsonCodec
from tests.sim.chronicle import ticks_of

SPAN = 40 * MINUTE


# Small panels, or most of the time would go into what is known of them before the run begins.
LITTLE_KNOWN = {
    "cold_start": {"recommender.panel": 150, "recommender.history": 1},
    "edge_groups": {"recommender.panel": 150, "recommender.history": 1},
    "taste_shift": {"recommender.panel": 150, "recommender.history": 1},
    "outage": {"recommender.recommender.panel": 150, "recommender.recommender.history": 1},
}


@cache
def scenario(name: str, seed: int = 7) -> Scenario:
    if name == "busy":
        crowd = busy_scenario().audience.model_dump(mode="json") | {"viewers": 700}
        return busy_scenario(seed=seed, audience=crowd)
    small = {"audience.viewers": 1100, "audience.block": 100, "seed": seed, "catalog.items": 600}
    return load(name, small | LITTLE_KNOWN.get(name, {}))


@cache
def pace(name: str, seed: int = 7) -> Pace:
    return Pace.of(scenario(name, seed))


def lines(name: str, *, seed: int = 7, shard: tuple[int, int] = (0, 1)) -> dict[str, list[bytes]]:
    """The records of a run by topic, in the order in which they leave."""
    chosen = scenario(name, seed)
    codec = JsonCodec(seed_tag(chosen.seed), chosen.vocabularies())
    told: dict[str, list[bytes]] = {}
    for tick in ticks_of(World(chosen, shard=shard, pace=pace(name, seed)), SPAN):
        for topic, order in tick.orders.items():
            joined = [line for batch in tick.on(topic) for line in codec.lines(batch)]
            told.setdefault(topic, []).extend(joined[place] for place in order.tolist())
    return told


@cache
def whole(name: str) -> dict[str, list[bytes]]:
    return lines(name)


def digest(told: dict[str, list[bytes]]) -> str:
    return hashlib.sha256(repr(sorted(told.items())).encode()).hexdigest()


@pytest.fixture(params=[*shipped(), "busy"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_same_seed_same_bytes(name: str) -> None:
    assert len(whole(name)["journeys"]) > 400
    # Where nobody has a campaign, half an hour may pass without a word.
    spoken = {"content", "truth"} if scenario(name).campaigns else set()
    assert {"journeys", "audience", "catalog"} | spoken <= set(whole(name))
    assert digest(lines(name)) == digest(whole(name))


def test_the_pilot_says_the_same_twice(name: str) -> None:
    assert Pace.of(scenario(name)).expected.per_session == pace(name).expected.per_session  # type: ignore[union-attr]


def test_other_seed_other_bytes(name: str) -> None:
    other = lines(name, seed=8)
    for topic, told in whole(name).items():
        assert not set(told) & set(other[topic])


@pytest.mark.parametrize(
    ("name", "shards"), [(shipped()[0], 3), *((name, 4) for name in [*shipped(), "busy"])]
)
def test_shards_together_are_the_whole(name: str, shards: int) -> None:
    parts = [lines(name, shard=(i, shards)) for i in range(shards)]
    for topic, told in whole(name).items():
        joined = Counter(line for part in parts for line in part.get(topic, ()))
        assert joined == Counter(told), topic
        # A record that was planted twice is there twice.
        assert max(joined.values()) <= (2 if scenario(name).mess else 1)
    assert all(part["journeys"] for part in parts)


def test_more_shards_than_blocks_leave_some_with_nothing_to_say() -> None:
    told = lines("short_video", shard=(14, 15))
    assert sum(map(len, told.values())) == 0


def test_a_shard_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="shard 4/4 must be one of 0/4 to 3/4"):
        World(scenario("short_video"), shard=(4, 4))
