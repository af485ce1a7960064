"""Requests of every sort to the servers of Greenroom, on loopback: an answer that is described, and never a 5xx."""

import asyncio
import http.client
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import schemathesis
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from examples.moderator import service as moderator
from examples.recommender import service as recommender
from media_gen.rendition import MediaFile, Rendition
from sim.steering.change import CHANGES
from streams.control.propose import Outcome
from streams.endpoint import Answers, Endpoint
from streams.exits import UsageError
from streams.store import AssetStore
from streams.watch.page.server import PageServer
from streams.watch.page.shelf import Shelf
from streams.watch.page.steering import Steering
from tests.fuzz.conftest import TIMES

NAME = "c0ffee" + "0" * 58
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


class Fleet:
    """Shards that accept what is a change."""

    def propose(self, change: Mapping[str, Any]) -> Outcome:
        try:
            parsed = CHANGES.parse({"at": 0, **change})
        except ValueError as error:
            raise UsageError(str(error)) from error
        return Outcome("1", parsed, True, 0, reason="")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    folder: Path = tmp_path_factory.mktemp("page")
    store = AssetStore(folder / "store")
    files = [stored.as_record() for stored in store.put(NAME, Rendition((_picture(),), {}))]
    store.seal(NAME, {"asset_id": NAME, "files": files})
    answers = Answers(ready=lambda: True, pages={"/audit": lambda: {"lost": 0}, "/drift": dict})
    with PageServer(
        port=0, answers=answers, steering=Steering(Fleet().propose), shelf=Shelf(store)
    ) as server:
        yield server


def _picture() -> MediaFile:
    return MediaFile("image", "art.png", "image/png", b"\x89PNG")


def try_everything(schema: Any, *, checks: list[Any]) -> int:
    """Call every operation of a description with what it allows, and with what it does not; how many operations."""
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in operations:
        body, parameters = [*operation.body], [*operation.iter_parameters()]
        examples = 4 * TIMES if body or parameters else 1
        # Nothing is wrong with any text in a path.
        for mode in schemathesis.GenerationMode if body else [schemathesis.GenerationMode.POSITIVE]:

            @given(operation.as_strategy(generation_mode=mode))
            @settings(max_examples=examples)
            def call(case: schemathesis.Case) -> None:
                case.call_and_validate(checks=checks, timeout=20)

            call()
    return len(operations)


def test_the_page_answers_as_described(page: PageServer) -> None:
    schema = schemathesis.openapi.from_url(f"{page.url}/openapi.json")
    # The stream of events does not end by itself.
    assert try_everything(schema.exclude(path="/events"), checks=CHECKS) > 8


def _description(path: str, request: dict[str, Any], ok: dict[str, Any]) -> dict[str, Any]:
    answers = {
        "200": {"description": "Answered.", "content": {"application/json": {"schema": ok}}},
        "400": {
            "description": "No such request.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
    }
    body = {"required": True, "content": {"application/json": {"schema": request}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "example", "version": "1"},
        "paths": {path: {"post": {"requestBody": body, "responses": answers}}},
    }


MODERATION = _description(
    "/v1/moderations",
    {
        "type": "object",
        "required": ["input"],
        "properties": {
            "input": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
        },
    },
    {"type": "object", "required": ["id", "model", "results"]},
)
SLATES = _description(
    "/recommend",
    {
        "type": "object",
        "required": ["requests"],
        "properties": {
            "requests": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["request_id", "user_id", "k"],
                    "properties": {
                        "request_id": {"type": "string"},
                        "user_id": {"type": "string"},
                        "k": {"type": "integer", "minimum": 1, "maximum": 100},
                        "recent": {"type": "array", "items": {"type": "string"}},
                        "candidates": {"type": "array", "items": {"type": "string"}},
                    },
                },
            }
        },
    },
    {"type": "object", "required": ["slates"], "properties": {"slates": {"type": "array"}}},
)


@contextmanager
def serving(application: Callable[[], web.Application]) -> Iterator[str]:
    """An application on a free port of loopback, on a loop of its own."""
    ready, told = Event(), list[Any]()

    async def serve() -> None:
        end = asyncio.Event()
        runner = web.AppRunner(application(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        told.extend([asyncio.get_running_loop(), end, runner.addresses[0][1]])
        ready.set()
        await end.wait()
        await runner.cleanup()

    thread = Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(30)
    loop, end, port = told
    yield f"http://127.0.0.1:{port}"
    loop.call_soon_threadsafe(end.set)
    thread.join()


@pytest.mark.parametrize(
    ("application", "description"), [(moderator.application, MODERATION), (recommender.application, SLATES)]
)
def test_the_example_services_answer_as_described(
    application: Callable[[], web.Application], description: dict[str, Any]
) -> None:
    with serving(application) as url:
        schema = schemathesis.openapi.from_dict(description)
        schema.config.update(base_url=url)
        assert try_everything(schema, checks=CHECKS[:3]) == 1


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with Endpoint(port=0, ready=lambda: True, pages={"/audit": dict}) as endpoint:
        yield endpoint


PATHS = st.one_of(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40).map("/{}".format),
    st.sampled_from(["/metrics", "/audit?x=1", "/../../etc/passwd", "/%2e%2e/%00", "//", "/metrics/"]),
)
HEADERS = st.dictionaries(
    st.sampled_from(["Accept", "Host", "Range", "Content-Length", "X-Any"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
    max_size=2,
)


@given(st.sampled_from(["GET", "POST", "HEAD", "PUT", "BREW"]), PATHS, HEADERS)
@settings(max_examples=30 * TIMES)
def test_the_endpoint_answers_what_it_has_and_refuses_the_rest(
    endpoint: Endpoint, method: str, path: str, headers: dict[str, str]
) -> None:
    host, port = endpoint.url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        assert answer.status in ((200, 404, 400, 414, 431) if method == "GET" else (400, 501))
        answer.read()
    finally:
        connection.close()
