"""Answers of a registry that are none: told as its fault, never a crash, whatever status and bytes come."""

import json
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.registry.registry import IncompatibleSchemaError, Registry, RegistryUnavailableError
from streams.registry.settings import RegistrySettings
from tests.fuzz.conftest import TIMES
from tests.fuzz.values import JSON

SCHEMA = '{"type":"record","name":"x","fields":[]}'


class Oracle:
    """Answers every request with what a test wants."""

    status, body = 200, b"{}"


@pytest.fixture(scope="module")
def registry() -> Iterator[tuple[Oracle, str]]:
    oracle = Oracle()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(oracle.status)
            self.send_header("Content-Type", "application/vnd.schemaregistry.v1+json")
            self.send_header("Content-Length", str(len(oracle.body)))
            self.end_headers()
            self.wfile.write(oracle.body)

        do_GET = do_POST = do_PUT = answer  # noqa: N815  as the server calls them

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield oracle, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@given(
    st.sampled_from([200, 200, 200, 201, 301, 400, 401, 403, 404, 409, 422]),
    st.one_of(st.binary(max_size=60), JSON.map(json.dumps).map(str.encode)),
)
@example(200, b"[" * 100_000)
@example(200, b'{"id": "x"}')
@example(200, b'{"id": null, "schema": 5, "schemaType": []}')
@example(200, b'{"is_compatible": "perhaps"}')
@settings(max_examples=20 * TIMES)
def test_any_answer_is_used_or_told(registry: tuple[Oracle, str], status: int, body: bytes) -> None:
    oracle, url = registry
    oracle.status, oracle.body = status, body
    for ask in (
        lambda known: known.find("s", SCHEMA, "AVRO"),
        lambda known: known.check("s", SCHEMA, "AVRO"),
        lambda known: known.register("s", SCHEMA, "AVRO"),
        lambda known: known.subjects(),
        lambda known: known.schema(7),
    ):
        with suppress(RegistryUnavailableError, IncompatibleSchemaError, KeyError):
            ask(Registry(RegistrySettings(url=url)))


def test_nonsense_is_told_as_the_registrys_fault(registry: tuple[Oracle, str]) -> None:
    oracle, url = registry
    oracle.status, oracle.body = 200, b'{"id": "x"}'
    with pytest.raises(RegistryUnavailableError, match=f"the answer of {url} about s is not a registry's"):
        Registry(RegistrySettings(url=url)).find("s", SCHEMA, "AVRO")
    oracle.body = b"[]"
    with pytest.raises(RegistryUnavailableError, match="schema 7"):
        Registry(RegistrySettings(url=url)).schema(7)
