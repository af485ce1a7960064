"""Webhooks: all arrives once it can, in order, signed so that others can check it; or the run says what did not."""

import asyncio
import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import aiohttp
import numpy as np
import pytest
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from sim.testing import tiny_scenario
from streams.exits import UsageError
from streams.publish.sinks.courier import Courier, UndeliverableError
from streams.publish.sinks.fanout import FanOut
from streams.publish.sinks.flags import chosen_sinks
from streams.publish.sinks.opening import open_sinks
from streams.publish.sinks.parcels import Letter, Parcel
from streams.publish.sinks.plan import RunFacts
from streams.publish.sinks.sink import SinkUnavailableError
from tests.streams.publish.conftest import codec_of, run_of
from tests.streams.publish.sinks.receiver import Receiver

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER = "whsec_" + base64.b64encode(bytes(32)).decode()


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, str]]:
    receiver = Receiver()
    with receiver.serving() as service:
        yield receiver, service.url


def played(flag: str) -> FanOut:
    scenario = tiny_scenario()
    facts = RunFacts(
        codec_of(scenario), scenario.vocabularies(), 7, "/greenroom/tiny", (0, 1), scenario.start_ms
    )
    sink = open_sinks(chosen_sinks([flag]), facts, None, stop=Event())
    assert isinstance(sink, FanOut)
    try:
        run_of(sink).play()
    finally:
        sink.close()
    return sink


def test_lines_arrive_in_order_in_batches(
    receiver: tuple[Receiver, str], hour_lines: dict[str, list[bytes]]
) -> None:
    taken, url = receiver
    sink = played(f"webhook:{url},topics=content,records=7")
    lines = [line for request in taken.requests for line in request.body.splitlines()]
    assert lines == hour_lines["content"]
    sizes = [len(request.body.splitlines()) for request in taken.requests]
    assert max(sizes) == 7
    assert {request.headers["Content-Type"] for request in taken.requests} == {"application/x-ndjson"}
    assert len({request.headers["webhook-id"] for request in taken.requests}) == len(taken.requests)
    figures = sink.figures()["webhook"]
    assert figures["records"] == len(lines)
    assert figures["requests"] == len(taken.requests)
    assert figures["bytes"] == sum(len(request.body) for request in taken.requests)


def test_a_batch_of_cloudevents_has_every_event_with_its_attributes(
    receiver: tuple[Receiver, str], hour_lines: dict[str, list[bytes]]
) -> None:
    taken, url = receiver
    played(f"webhook:{url},topics=truth,form=cloudevents")
    events = [event for request in taken.requests for event in json.loads(request.body)]
    assert [event["data"] for event in events] == [json.loads(line) for line in hour_lines["truth"]]
    assert {request.headers["Content-Type"] for request in taken.requests} == {
        "application/cloudevents-batch+json"
    }
    for event in events:
        assert event["specversion"] == "1.0"
        assert event["id"] == event["data"]["event_id"]
        assert event["type"] == f"greenroom.truth.{event['data']['kind']}.v1"
        assert event["source"] == "/greenroom/tiny"
        when = np.datetime64(event["time"].removesuffix("+00:00"), "ms").astype(int)
        assert when == event["data"]["occurred_at"]


def test_raw_is_one_record_a_request(
    receiver: tuple[Receiver, str], hour_lines: dict[str, list[bytes]]
) -> None:
    taken, url = receiver
    played(f"webhook:{url},kinds=like,form=raw")
    assert [request.body for request in taken.requests] == [
        line for line in hour_lines["journeys"] if json.loads(line)["kind"] == "like"
    ]
    assert {request.headers["Content-Type"] for request in taken.requests} == {"application/json"}


def test_signatures_are_those_of_standard_webhooks(
    receiver: tuple[Receiver, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, url = receiver
    monkeypatch.setenv("MY_SECRETS", f"{OTHER} {SECRET}")
    played(f"webhook:{url},topics=truth,secret_env=MY_SECRETS,form=cloudevents")
    assert taken.requests
    for request in taken.requests:
        for secret in (SECRET, OTHER):
            assert Verifier(secret).verify(request.body, request.headers) == json.loads(request.body)
    stranger = Verifier("whsec_" + base64.b64encode(b"x" * 32).decode())
    with pytest.raises(WebhookVerificationError):
        stranger.verify(taken.requests[0].body, taken.requests[0].headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(SECRET).verify(taken.requests[0].body + b" ", taken.requests[0].headers)


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        (None, "the environment variable MY_SECRET is not set"),
        ("", "MY_SECRET is empty"),
        ("whsec_!", "not base64"),
        ("whsec_" + base64.b64encode(b"short").decode(), "has 5 bytes; it must have 24 to 64"),
    ],
)
def test_a_secret_that_is_none_is_told_before_anything_is_sent(
    secret: str | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if secret is not None:
        monkeypatch.setenv("MY_SECRET", secret)
    with pytest.raises(UsageError, match=told):
        played("webhook:http://127.0.0.1:9/,secret_env=MY_SECRET")


def test_what_passes_is_tried_again_under_the_same_id_and_nothing_is_lost(
    receiver: tuple[Receiver, str], hour_lines: dict[str, list[bytes]]
) -> None:
    taken, url = receiver
    taken.answers = [503, None, (429, {"Retry-After": "1"}), 204, 500]
    sink = played(f"webhook:{url},topics=truth,records=1000")
    assert [line for request in taken.taken for line in request.body.splitlines()] == hour_lines["truth"]
    assert len({request.headers["webhook-id"] for request in taken.requests[:4]}) == 1
    assert sink.figures()["webhook"]["repeats"] == (4 if len(taken.taken) > 1 else 3)


@pytest.mark.parametrize("answer", [400, 404, 410, (302, {"Location": "http://example.invalid/"})])
def test_a_refusal_ends_the_run_at_once(answer: Any, receiver: tuple[Receiver, str]) -> None:
    taken, url = receiver
    taken.answers = [answer]
    status = answer if isinstance(answer, int) else answer[0]
    with pytest.raises(
        SinkUnavailableError, match=rf"sink webhook: .*refuses msg_\w+: {status} .*not delivered"
    ):
        played(f"webhook:{url},topics=truth")
    assert len(taken.requests) == 1


def test_patience_ends_and_that_has_an_exit_code(receiver: tuple[Receiver, str]) -> None:
    taken, url = receiver
    taken.forever = 503
    with pytest.raises(
        SinkUnavailableError, match=r"has not taken msg_\w+ for .* \d+ attempts: 503.*patience_s"
    ) as told:
        played(f"webhook:{url},topics=truth,patience_s=0.9")
    assert told.value.exit_code == 74
    assert f"{len(taken.requests)} attempts" in str(told.value)


def test_nobody_there_is_told_with_the_reason() -> None:
    with pytest.raises(SinkUnavailableError, match="ClientConnectorError"):
        played("webhook:http://127.0.0.1:9/,topics=truth,patience_s=0.1")


def test_dead_letters_hold_what_was_not_taken_and_the_rest_goes_on(
    receiver: tuple[Receiver, str], tmp_path: Path, hour_lines: dict[str, list[bytes]]
) -> None:
    taken, url = receiver
    taken.answers = [204, 400, 503, 503]
    file = tmp_path / "new" / "dead.jsonl"
    # Batches leave when they are full, and not because time passes.
    full = "records=5,wait_s=600"
    sink = played(f"webhook:{url},topics=content,{full},patience_s=0.1,dead_letters={file}")
    letters = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(letters) == 15 == sink.figures()["webhook"]["dead_letters"]
    assert re.search("refuses .* 400", letters[0]["reason"])
    # Once its patience is over, the next batch is tried once.
    assert re.search("has not taken .* 1 attempts: 503", letters[-1]["reason"])
    lost = [base64.b64decode(letter["original"]) for letter in letters]
    arrived = [
        line
        for place in (0, *range(4, len(taken.requests)))
        for line in taken.requests[place].body.splitlines()
    ]
    assert lost == hour_lines["content"][5:20]
    assert arrived == hour_lines["content"][:5] + hour_lines["content"][20:]


class Wall:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


async def _paused(url: str, seed: int) -> list[float]:
    wall = Wall()
    async with aiohttp.ClientSession() as session:
        rng = np.random.default_rng(seed)
        courier = Courier(url, session, None, rng, 300.0, clock=wall, sleep=wall.sleep)
        parcel = Parcel((Letter("content", "comment", 0, b"u", b"{}"),), "lines", "/x", "application/json")
        with pytest.raises(UndeliverableError):
            await courier.deliver(parcel)
    return wall.slept


def test_pauses_double_to_half_a_minute_with_a_jitter_from_the_seed(receiver: tuple[Receiver, str]) -> None:
    taken, url = receiver
    taken.forever = 500
    slept = asyncio.run(_paused(url, 1))
    longest = [min(0.5 * 2**number, 30.0) for number in range(len(slept))]
    assert len(slept) > 8
    assert all(most / 2 <= pause <= most for pause, most in zip(slept, longest, strict=True))
    assert asyncio.run(_paused(url, 1)) == slept != asyncio.run(_paused(url, 2))
