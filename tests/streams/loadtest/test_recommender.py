"""A recommender under test: outcomes of right answers; wrong ones are counted and replaced, and the run goes on."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from aiohttp import web

from examples.recommender.service import application
from sim.recommenders.recommender import Recommender
from sim.scenario import Scenario
from sim.testing import tiny_scenario
from streams.exits import UsageError
from streams.loadtest.arrivals import Arrivals, LoadProfile
from streams.loadtest.recommender.trial import Trial
from streams.recommenders.http import Http
from tests.streams.loadtest.service import Service, reset

Asked = list[dict[str, Any]]


def scenario(**catalog: Any) -> Scenario:
    tiny = tiny_scenario(campaigns=(), shifts=(), media=())
    audience = tiny.audience.model_copy(update={"viewers": 4000})
    return tiny.model_copy(update={"audience": audience, "catalog": tiny.catalog.model_copy(update=catalog)})


def trial(
    url: str, *, rate: float = 200, seconds: float = 2, chosen: Scenario | None = None, **service: Any
) -> Trial:
    arrivals = Arrivals(LoadProfile.parse(rate=rate, seconds=seconds), "poisson", seed=5)
    options: dict[str, Any] = {"deadline": "2s", **service}
    return Trial(chosen or scenario(), Http(url=url, **options), arrivals)


def serving(slate: Callable[[dict[str, Any]], Any]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        requests: Asked = orjson.loads(await request.read())["requests"]
        slates = [slate(one) for one in requests]
        return web.Response(body=orjson.dumps({"slates": [found for found in slates if found is not None]}))

    return handle


def right(request: dict[str, Any]) -> dict[str, Any]:
    first = int(request["user_id"][1:]) % 150
    items = [f"t{number:07d}" for number in range(first, first + request["k"])]
    return {
        "request_id": request["request_id"],
        "items": items,
        "propensities": [0.25] * request["k"],
        "policy": "mine",
    }


def test_right_slates_are_shown_and_their_outcomes_told() -> None:
    asked: Asked = []

    def slate(request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request)
        return right(request)

    with Service(serving(slate)) as service:
        tried = trial(service.url, chosen=scenario(launches=()))
        tried.run()
    figures = tried.measured.summary() | tried.summary()
    assert figures["requests"] == figures["slates"] == len(asked) == len({one["request_id"] for one in asked})
    assert figures["offered_rate"] == pytest.approx(200, rel=0.2)
    assert not figures["errors"]
    assert not figures["fallbacks"]
    assert figures["policies_told"] == {"mine": len(asked)}
    outcomes = figures["outcomes"]
    assert outcomes["slates"] == pytest.approx(len(asked), rel=0.15)
    assert outcomes["fallback"]["slates"] == 0
    assert 0 < outcomes["low"] < outcomes["ctr"] < outcomes["high"] < 1
    assert outcomes["watch_seconds"] > 0
    assert 0 < outcomes["coverage"] <= 1
    assert 0 < outcomes["gini"] < 1
    assert 0 < outcomes["diversity"] < 1
    for dimension, cells in outcomes["by_group"].items():
        assert sum(cell["slates"] for cell in cells.values()) == outcomes["slates"], dimension
    shown = sum(cell["impressions"] for cell in outcomes["cold_start"]["item_age"].values())
    assert shown == outcomes["impressions"] == 16 * outcomes["slates"]
    assert figures["speed"] > 1
    assert {one["region"] for one in asked} == {"north", "south"}
    assert {one["device"] for one in asked} == {"tv", "phone"}
    assert all(one["k"] == 16 and one["surface"] == "home" for one in asked)


def test_what_the_service_shows_is_what_the_audience_sees() -> None:
    with Service(serving(right)) as service:
        tried = trial(service.url, chosen=scenario(launches=()), seconds=1)
        tried.run()
    # Items 0 to 164 are all that it ever shows, and of each viewer only those from its own place on.
    counts = tried.outcomes.exposure.counts
    assert counts[:165].sum() == tried.outcomes.everyone.impressions[0]
    assert (counts[20:145] > 0).mean() > 0.9


class Faulty:
    """Does everything wrong that a service can, in turn, and keeps the account."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self._messages = self._requests = 0

    async def handle(self, request: web.Request) -> web.Response:
        asked: Asked = orjson.loads(await request.read())["requests"]
        self._messages += 1
        match self._messages % 9:
            case 0:
                return self._whole("not_json", asked, web.Response(body=b"<html>busy</html>"))
            case 1:
                return self._whole("malformed", asked, web.Response(body=b'{"slates": 5}'))
            case 2:
                return self._whole("http_500", asked, web.Response(status=500))
            case 3:
                answer = web.Response(status=429, headers={"Retry-After": "2"})
                return self._whole("http_429", asked, answer)
            case 4:
                return self._whole("connection_reset", asked, reset(request))
            case 5:
                late = self._whole("timeout", asked, web.Response())
                await asyncio.sleep(1.5)
                return late
        slates = [self._slate(one) for one in asked]
        return web.Response(body=orjson.dumps({"slates": [slate for slate in slates if slate]}))

    def _whole(self, kind: str, asked: Asked, response: web.Response) -> web.Response:
        self.done[kind] += len(asked)
        return response

    def _slate(self, request: dict[str, Any]) -> dict[str, Any] | None:
        slate = right(request)
        items = slate["items"]
        self._requests += 1
        wrong: dict[str, Any] = {
            "missing": None,
            "unknown_item": {**slate, "items": ["t9999999", *items[1:]]},
            "duplicate_item": {**slate, "items": [items[1], *items[1:]]},
            "short_slate": {**slate, "items": items[:-1]},
            "malformed": {**slate, "items": "t0000001"},
            "bad_propensity": {**slate, "propensities": [1.5] * len(items)},
            "right": {**slate, "items": [*items, "t0000199"]},
        }
        kind = list(wrong)[self._requests % len(wrong)]
        self.done[kind] += 1
        found: dict[str, Any] | None = wrong[kind]
        return found


def test_every_wrong_answer_is_counted_by_its_kind_and_replaced_while_the_run_goes_on() -> None:
    faulty = Faulty()
    with Service(faulty.handle) as service:
        tried = trial(
            service.url, rate=300, seconds=3, deadline="700ms", batch=4, chosen=scenario(launches=())
        )
        tried.run()
    figures = tried.measured.summary() | tried.summary()
    assert figures["slates"] == faulty.done.pop("right")
    assert figures["fallbacks"] == figures["errors"] == dict(faulty.done)
    assert len(faulty.done) == 12 - 1
    assert figures["slates"] + sum(figures["fallbacks"].values()) == figures["requests"]
    # Nobody who was let down is lost: what came back was acted upon, by the fallback's slates too.
    assert figures["outcomes"]["fallback"]["slates"] > 0.6 * sum(figures["fallbacks"].values())
    assert figures["outcomes"]["slates"] > 0.6 * figures["slates"]
    assert figures["retry_after"]["max_s"] == 2


def test_items_that_a_region_does_not_have_are_refused() -> None:
    with Service(serving(right)) as service:
        tried = trial(service.url, seconds=1, chosen=scenario(launches=()))
        # Withdrawn in one region: who shows it there shows what cannot be played.
        tried.world.catalog.available_from[:, 1] = np.where(
            np.arange(len(tried.world.catalog)) < 80, 2**62, 0
        )
        tried.run()
    figures = tried.summary()
    assert figures["fallbacks"].keys() == {"wrong_region"}
    assert figures["outcomes"]["by_group"]["region"]["south"]["slates"] > 0
    assert (tried.outcomes.exposure.counts[:80] > 0).any()


def test_a_service_that_never_answers_is_neither_waited_for_nor_spared() -> None:
    async def never(request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    with Service(never) as service:
        tried = trial(service.url, rate=150, seconds=2, deadline="300ms")
        tried.run()
    figures = tried.measured.summary() | tried.summary()
    assert figures["fallbacks"] == {"timeout": figures["requests"]}
    assert figures["requests"] == pytest.approx(300, abs=90)
    assert figures["slates"] == 0
    assert figures["outcomes"]["ctr"] is None
    assert figures["outcomes"]["fallback"]["slates"] > 100
    assert figures["achieved_rate"] == 0
    assert figures["latency_ms"]["p50"] >= 300


def test_candidates_are_offered_and_others_refused() -> None:
    offered: list[int] = []

    def slate(request: dict[str, Any]) -> dict[str, Any]:
        offered.append(len(set(request["candidates"])))
        items = request["candidates"][: request["k"]]
        return {"request_id": request["request_id"], "items": items} if len(offered) % 2 else right(request)

    with Service(serving(slate)) as service:
        tried = trial(service.url, seconds=1, candidates=30)
        tried.run()
    assert set(offered) == {30}
    assert tried.policy.fallbacks["not_a_candidate"] == pytest.approx(len(offered) / 2, rel=0.1)
    assert tried.policy.served >= len(offered) / 2 - 1


def test_more_candidates_than_there_are_is_told() -> None:
    with (
        Service(serving(right)) as service,
        pytest.raises(UsageError, match="--candidates 900 is more than the"),
    ):
        trial(service.url, seconds=1, candidates=900).run()


MAPPING = """
message: {batch: $requests}
request: {id: $request_id, visitor: $user_id, limit: $k, context: {country: $region}}
answer: {slates: results, request_id: id, items: "ranked[*].item"}
"""


def test_another_service_is_tested_through_a_mapping_file(tmp_path: Path) -> None:
    async def handle(request: web.Request) -> web.Response:
        asked = orjson.loads(await request.read())["batch"]
        results = [
            {"id": one["id"], "ranked": [{"item": f"t{n:07d}"} for n in range(one["limit"])]} for one in asked
        ]
        return web.Response(body=orjson.dumps({"results": results[::-1]}))

    file = tmp_path / "mapping.yaml"
    file.write_text(MAPPING)
    with Service(handle) as service:
        tried = trial(service.url, seconds=1, mapping=str(file), chosen=scenario(launches=()))
        tried.run()
    assert tried.policy.served == tried.measured.requests > 100


def test_the_example_service_learns_from_its_requests() -> None:
    app = application()
    (route,) = [route for route in app.router.routes() if route.method == "POST"]
    with Service(route.handler) as service:  # type: ignore[arg-type]
        chosen = scenario()
        tried = trial(service.url, seconds=2, candidates=50, chosen=chosen)
        tried.run()
    assert tried.policy.served == tried.measured.requests
    assert tried.policy.policies_told == {"learned_popularity": tried.policy.served}


def test_an_audience_too_small_for_a_speed_is_told(tmp_path: Path) -> None:
    recommender: Recommender = Http()
    arrivals = Arrivals(LoadProfile.parse(rate=5000, seconds=1), "constant", seed=1)
    with pytest.raises(UsageError, match=r"5000 slates a second at --speed 1x: .* viewers"):
        Trial(scenario(), recommender, arrivals, speed=1.0)


def test_an_audience_that_all_waits_is_told_and_does_not_race_its_clock() -> None:
    async def never(request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    few = scenario()
    few = few.model_copy(update={"audience": few.audience.model_copy(update={"viewers": 200})})
    with Service(never) as service:
        tried = trial(service.url, rate=400, seconds=1.5, deadline="1s", chosen=few)
        tried.run()
    figures = tried.summary()
    assert figures["starved_s"] > 0.2
    # At most one step of the clock for each look at what has come.
    assert figures["simulated_s"] < 3 / 0.005 * tried.world.pace.span / 1000
