"""``greenroom run`` with a live recommender: what the service answers is what is published."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import orjson
import pytest
from aiohttp import web

from sim.durations import MINUTE
from sim.pace import Pace
from sim.scenario import Scenario
from sim.testing import tiny_scenario
from streams.commands.publishing import assembled
from streams.recommenders.connection import connected
from streams.recommenders.http import Http
from tests.streams.loadtest.service import Service


async def last_items(request: web.Request) -> web.Response:
    """Shows the 16 items that nobody else would show, and says how probable that was; fails one request in five."""
    slates = [
        {"request_id": one["request_id"], "items": [f"t{n:07d}" for n in range(200 - one["k"], 200)],
         "propensities": [1.0] * one["k"]}
        for number, one in enumerate(orjson.loads(await request.read())["requests"])
        if int(one["user_id"][1:]) % 5
    ]  # fmt: skip
    return web.Response(body=orjson.dumps({"slates": slates}))


@pytest.fixture
def service() -> Iterator[Service]:
    with Service(last_items) as service:
        yield service


def scenario(service: Service) -> Scenario:
    tiny = tiny_scenario(recommender=Http(url=service.url, deadline="5s"), campaigns=(), shifts=(), media=())
    return tiny.model_copy(update={"catalog": tiny.catalog.model_copy(update={"launches": ()}), "tick": None})


def played(chosen: Scenario, folder: Path, *, speed: float | None, span: int, tick: int) -> dict[str, Any]:
    pace = Pace.of(chosen)
    run = assembled(
        chosen,
        Pace(tick, 4.0, pace.expected),
        (0, 1),
        sink=f"jsonl:{folder}",
        target=None,
        speed=speed,
        span=span,
        backfill=0,
        cloudevents=False,
        stop=Event(),
    )
    with connected(run.world, pacing=run.schedule.intended if speed else None) as came_of_it:
        run.play()
        return came_of_it()


def impressions(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "journeys.jsonl").read_bytes().splitlines()
    return [event for event in map(json.loads, lines) if event["kind"] == "impression"]


@pytest.mark.parametrize(("speed", "span"), [(None, 60 * MINUTE), (600.0, 30 * MINUTE)])
def test_slates_of_the_service_are_published_and_the_rest_falls_back(
    service: Service, tmp_path: Path, speed: float | None, span: int
) -> None:
    told = played(scenario(service), tmp_path, speed=speed, span=span, tick=MINUTE)["recommender"]
    shown = impressions(tmp_path)
    by_policy = Counter(event["policy"] for event in shown)
    assert by_policy.keys() == {"http", "fallback.popularity"}
    assert told["slates"] > 20
    assert told["fallbacks"].keys() == {"missing"}
    # At full speed every answer is awaited, those of one step beyond the end too; paced, the last come after it.
    for name, count in (("http", told["slates"]), ("fallback.popularity", told["fallbacks"]["missing"])):
        assert by_policy[name] // 16 <= count
        assert by_policy[name] // 16 >= (0.9 if speed is None else 0.6) * count
    for event in shown:
        served = int(event["user_id"][1:]) % 5 != 0
        assert event["policy"] == ("http" if served else "fallback.popularity")
        if served:
            assert event["item_id"] == f"t{183 + event['rank']:07d}"
            assert event["propensity"] == 1.0


def test_a_world_that_nobody_connects_gets_the_fallback_and_says_so(service: Service) -> None:
    from sim.world import World

    chosen = scenario(service)
    world = World(chosen, pace=Pace.of(chosen))
    with connected(World(tiny_scenario()), pacing=None) as nothing:
        assert nothing() == {}
    tick = next(world.ticks())
    policies = [b.columns["policy"] for b in tick.on("journeys") if b.kind.name == "impression"]
    assert policies
    assert all((codes == 1).all() for codes in policies)
