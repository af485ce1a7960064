"""Addresses, log-ins and flags of a registry: what is wrong with them is told, whether one answers or not."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from sim.testing import tiny_scenario
from streams.commands.formats import codec_of
from streams.exits import UsageError
from streams.registry.registry import Registry, RegistryUnavailableError
from streams.registry.settings import RegistrySettings


def test_no_answer_is_told_and_ends_with_its_own_code() -> None:
    with pytest.raises(RegistryUnavailableError, match="no schema registry answers at http://127") as told:
        Registry(RegistrySettings(url="http://127.0.0.1:9")).subjects()
    assert told.value.exit_code == 69


@pytest.fixture
def strict_registry() -> Iterator[tuple[str, list[str]]]:
    """A server that lets nobody in, and what it was shown."""
    shown: list[str] = []

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown.append(self.headers.get("Authorization", ""))
            self.send_response(401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", shown
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({}, ""),
        ({"USERNAME": "ann", "PASSWORD": "xyz"}, "Basic YW5uOnh5eg=="),
        ({"TOKEN": "abc"}, "Bearer abc"),
    ],
)
def test_the_log_in_comes_from_the_environment_and_a_refusal_is_told(
    strict_registry: tuple[str, list[str]], given: dict[str, str], shown: str
) -> None:
    url, seen = strict_registry
    environ = {f"GREENROOM_REGISTRY_{name}": value for name, value in given.items()}
    registry = Registry(RegistrySettings.from_environment(url, environ))
    with pytest.raises(RegistryUnavailableError, match="GREENROOM_REGISTRY_USERNAME"):
        registry.subjects()
    assert set(seen) == {shown}


@pytest.mark.parametrize(
    ("url", "environ", "rule"),
    [
        ("localhost:8081", {}, "must be an address such as"),
        ("http://ann:xyz@localhost", {}, "must not hold a password"),
        ("http://localhost", {"USER": "ann"}, "GREENROOM_REGISTRY_USER"),
        ("http://localhost", {"USERNAME": "ann"}, "go together"),
        ("http://localhost", {"TOKEN": "a", "USERNAME": "b", "PASSWORD": "c"}, "exclude each other"),
        ("http://localhost", {"COMPATIBILITY": "SOME"}, "BACKWARD"),
    ],
)
def test_wrong_settings_are_told(url: str, environ: dict[str, str], rule: str) -> None:
    named = {f"GREENROOM_REGISTRY_{name}": value for name, value in environ.items()}
    with pytest.raises(UsageError, match=rule):
        RegistrySettings.from_environment(url, named)


@pytest.mark.parametrize(
    ("format_name", "registry", "sinks", "rule"),
    [
        ("avrro", None, [], "Did you mean 'avro'"),
        ("avro", None, [], "needs --registry URL"),
        ("json", "http://localhost", [], "add --format avro"),
        ("avro", "http://localhost", ["kafka", "jsonl:out"], "--sink jsonl:out takes text"),
    ],
)
def test_flags_that_do_not_go_together_are_told(
    format_name: str, registry: str | None, sinks: list[str], rule: str
) -> None:
    with pytest.raises((UsageError, ValueError), match=rule):
        codec_of(tiny_scenario(), "greenroom", format_name, registry, sinks)
