"""The open loop against a real service: times kept, stalls seen, every failure counted by kind."""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import count
from threading import Event
from typing import Any

import numpy as np
import pytest
from aiohttp import web

from streams.cluster.processes import free_ports
from streams.loadtest.arrivals import Arrivals, LoadProfile
from streams.loadtest.batches import Batching
from streams.loadtest.closed_loop import closed_loop
from streams.loadtest.exchange import Answer
from streams.loadtest.http import Http
from streams.loadtest.measurements import Measurements
from streams.loadtest.open_loop import OpenLoop
from streams.loadtest.play import Play
from streams.loadtest.slo import ServiceLevel
from tests.streams.loadtest.service import Handler, Service, reset


def write(requests: Sequence[Any]) -> tuple[str, bytes]:
    return str(requests[0]), b"[%s]" % b",".join(b"%d" % number for number in requests)


def accept(answer: Answer) -> Sequence[str | None]:
    return [None] * len(answer.exchange.intended)


def played(
    url: str, profile: LoadProfile, *, deadline_s: float = 5, connections: int = 64, **changes: Any
) -> Measurements:
    with OpenLoop(Http(url, connections=connections), deadline_s=deadline_s) as loop:
        arguments: dict[str, Any] = {"requests": count(), "write": write, "judge": accept, **changes}
        return Play(loop, Arrivals(profile, "constant", seed=1), **arguments).play()


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


def test_every_request_is_sent_and_answered() -> None:
    bodies: list[bytes] = []

    async def keep(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.Response(body=bodies[-1])

    with Service(keep) as service:
        measured = played(service.url, LoadProfile.parse(rate=200, seconds=1))
    assert measured.requests == measured.well == 200
    assert sorted(bodies, key=lambda body: int(body[1:-1])) == [b"[%d]" % n for n in range(200)]
    figures = measured.summary()
    assert figures["offered_rate"] == pytest.approx(200, rel=0.01)
    assert figures["latency_ms"]["p99"] >= figures["latency_ms"]["p50"] > 0


def stalling(after: int, seconds: float) -> Handler:
    """A service of one worker that stands still once."""
    numbers, worker = count(), asyncio.Lock()

    async def handle(request: web.Request) -> web.Response:
        body = await request.read()
        async with worker:
            await asyncio.sleep(seconds if next(numbers) == after else 0)
        return web.Response(body=body)

    return handle


def test_a_stall_of_a_second_is_in_the_open_loop_and_hidden_from_the_closed_one() -> None:
    rate, seconds = 200.0, 3.0
    with Service(stalling(after=200, seconds=1.0)) as service:
        opened = played(service.url, LoadProfile.parse(rate=rate, seconds=seconds), connections=512)
    with Service(stalling(after=200, seconds=1.0)) as service:
        bodies = ((str(n), b"[1]") for n in count())
        closed = closed_loop(Http(service.url), bodies, callers=4, rate=rate, seconds=seconds)
    assert opened.requests == 600
    # A third of the requests were meant during the stall; a closed loop had only its callers waiting in it.
    assert (opened.latency.at(99) or 0) > 900
    assert (closed.at(99) or 1e9) < (opened.latency.at(99) or 0) / 2
    assert (opened.latency.at(80) or 0) > 100
    figures = opened.summary()
    assert figures["backlog"]["max"] >= 150
    assert figures["littles_law"]["ratio"] == pytest.approx(1, abs=0.15)


def test_a_pool_that_is_too_small_makes_requests_late_by_the_target_not_by_the_generator() -> None:
    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(0.1)
        return web.Response()

    with Service(slow) as service:
        measured = played(service.url, LoadProfile.parse(rate=60, seconds=1), connections=2)
    assert measured.well == 60
    # Two connections carry 20 requests a second: the last one waits for nearly two.
    assert (measured.latency.at(99) or 0) > 1_500
    assert measured.timeline.slope(0, 1) > 25


async def failing(request: web.Request) -> web.StreamResponse:
    match int((await request.read())[1:-1]) % 10:
        case 0:
            return web.Response(status=500)
        case 1:
            return web.Response(status=429, headers={"Retry-After": "7"})
        case 2:
            return reset(request)
        case 3:
            await asyncio.sleep(30)
        case 4:
            return web.Response(status=302, headers={"Location": "/elsewhere"})
        case 5:
            response = web.StreamResponse(headers={"Content-Length": "100"})
            await response.prepare(request)
            await response.write(b"too little")
            return reset(request)
    return web.Response(body=b"{}")


def test_every_failure_is_counted_by_its_kind_and_the_test_goes_on() -> None:
    with Service(failing) as service:
        measured = played(service.url, LoadProfile.parse(rate=200, seconds=1), deadline_s=0.6)
    assert measured.errors == {
        "http_500": 20, "http_429": 20, "connection_reset": 20, "timeout": 20, "http_302": 20, "cut_short": 20
    }  # fmt: skip
    assert measured.well == 80
    assert measured.retry_after == [7.0] * 20
    # Those that timed out are not hidden: their latency is the deadline.
    assert (measured.latency.at(99) or 0) >= 600
    assert measured.latency.count == 100


def test_nobody_there_is_an_error_of_every_request() -> None:
    (port,) = free_ports(1)
    measured = played(f"http://127.0.0.1:{port}/", LoadProfile.parse(rate=50, seconds=0.4))
    assert measured.errors == {"connection_refused": 20}
    assert measured.summary()["achieved_rate"] == 0
    assert measured.summary()["latency_ms"]["p99"] is None


def test_what_the_contract_refuses_is_counted_request_by_request() -> None:
    def judge(answer: Answer) -> Sequence[str | None]:
        return ["odd" if number % 2 else None for number in answer.exchange.context]

    with Service(echo) as service:
        measured = played(
            service.url,
            LoadProfile.parse(rate=400, seconds=0.5),
            judge=judge,
            batching=Batching(window_s=0.02, most=5),
        )
    assert measured.errors == {"odd": 100}
    assert measured.well == 100
    # Gathered by up to five, of which the first one waits; a busy machine hands requests over in smaller parts.
    assert 40 <= measured.lateness.count < 200


def test_a_stop_ends_it_soon_with_everything_accounted_for() -> None:
    stop = Event()

    async def handle(request: web.Request) -> web.Response:
        stop.set()
        return web.Response()

    with Service(handle) as service:
        measured = played(service.url, LoadProfile.parse(rate=50, seconds=600), stop=stop)
    assert 0 < measured.requests == measured.well < 500


def test_the_highest_rate_that_holds_is_found_between_those_that_do_and_do_not() -> None:
    async def limited(request: web.Request) -> web.Response:
        async with worker:
            await asyncio.sleep(0.005)
        return web.Response()

    worker = asyncio.Lock()
    profile = LoadProfile.parse(ramp="40:1s,80:1s,500:800ms")
    with Service(limited) as service:
        measured = played(service.url, profile, connections=512)
    found = measured.summary(ServiceLevel.parse("p95<500ms,errors<1%"))["sustainable"]
    assert [step["rate"] for step in found["steps"]] == [40, 80, 500]
    assert found["rate"] == 80
    assert found["steps"][-1]["backlog_slope"] > 100


def test_the_requests_may_end_before_the_profile_does() -> None:
    with Service(echo) as service:
        measured = played(service.url, LoadProfile.parse(rate=100, seconds=60), requests=iter(range(30)))
    assert measured.requests == 30


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    import threading

    yield
    assert not [thread for thread in threading.enumerate() if thread.name in ("open loop", "kafka answers")]


def test_times_of_batches_are_those_of_their_requests() -> None:
    messages = list(Batching(window_s=0.1, most=3).messages(np.array([0.0, 0.05, 0.09, 0.2, 0.35])))
    assert [(a, b) for a, b, _ in messages] == [(0, 3), (3, 4), (4, 5)]
    assert [due for *_, due in messages] == pytest.approx([0.09, 0.3, 0.45])
