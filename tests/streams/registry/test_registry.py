"""The registry, against a real one: subjects, rules, what is refused and how that is told."""

from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from sim.events import KINDS, Field, RecordKind, kind_named
from sim.schema_changes import evolved_kinds
from sim.testing import tiny_scenario
from streams.codec.codec import FRAMED
from streams.commands.formats import codec_of, terms_of
from streams.exits import UsageError
from streams.registry.enrolment import enrolled, subject_of
from streams.registry.registry import IncompatibleSchemaError, Registry, RegistryUnavailableError
from streams.registry.settings import RegistrySettings

PLAY = kind_named("journeys", "play")
TERMS = terms_of(tiny_scenario())
SURFACE = {
    "name": "surface",
    "at": "1h",
    "topic": "journeys",
    "kind": "play",
    "add_field": {"name": "surface", "type": "label", "values": {"home": 3, "search": 1}},
}


@pytest.fixture(params=list(FRAMED))
def format_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def backward(url: str) -> Registry:
    return Registry(RegistrySettings(url=url, compatibility="BACKWARD"))


def test_every_kind_is_registered_once_under_topic_and_record(
    registry_url: str, run_name: str, format_name: str
) -> None:
    registry = backward(registry_url)
    first = enrolled(registry, run_name, format_name, TERMS, KINDS)
    again = enrolled(registry, run_name, format_name, TERMS, KINDS)
    assert first.terms.ids == again.terms.ids
    assert set(first.terms.ids) == set(KINDS)
    assert {subject_of(run_name, kind) for kind in KINDS} <= registry.subjects()
    for kind in KINDS:
        schema_type, text = registry.schema(first.terms.ids[kind])
        assert schema_type == FRAMED[format_name].schema_type
        assert kind.fields[0].name in text


def test_a_field_that_comes_later_is_a_version_that_may_follow(
    registry_url: str, run_name: str, format_name: str
) -> None:
    registry = backward(registry_url)
    kinds = evolved_kinds(tiny_scenario(schema_changes=[SURFACE]).schema_changes)
    terms = terms_of(tiny_scenario(schema_changes=[SURFACE]))
    newest = kinds[PLAY]
    for _ in range(2):  # and again, the registry having the newer one already
        ids = enrolled(registry, run_name, format_name, terms, kinds.values()).terms.ids
        assert newest.version == 2
        assert ids[newest] != ids[PLAY]
    assert "surface" in registry.schema(ids[newest])[1]
    assert "surface" not in registry.schema(ids[PLAY])[1]


def test_what_may_not_follow_is_refused_before_anything_is_registered(
    registry_url: str, run_name: str, format_name: str
) -> None:
    registry = backward(registry_url)
    enrolled(registry, run_name, format_name, TERMS, [PLAY])
    known = registry.subjects()
    spoilt = replace(PLAY, fields=tuple(_as_text(field) for field in PLAY.fields))
    with pytest.raises(IncompatibleSchemaError) as refused:
        enrolled(registry, run_name, format_name, TERMS, [kind_named("journeys", "like"), spoilt])
    said = str(refused.value)
    assert subject_of(run_name, PLAY) in said
    assert "BACKWARD" in said
    assert "--run" in said
    assert registry.subjects() == known


def _as_text(field: Field) -> Field:
    return replace(field, type="text") if field.name == "duration_ms" else field


def test_the_rule_of_a_subject_that_is_there_is_left_alone(registry_url: str, run_name: str) -> None:
    enrolled(Registry(RegistrySettings(url=registry_url)), run_name, "avro", TERMS, [PLAY])
    enrolled(backward(registry_url), run_name, "avro", TERMS, [PLAY])
    grown = RecordKind(PLAY.topic, PLAY.name, PLAY.about, (*PLAY.fields, Field("x", "text", "A text.")))
    ids = enrolled(backward(registry_url), run_name, "avro", TERMS, [grown]).terms.ids
    assert set(ids) == {grown}


def test_a_schema_id_that_is_not_there_is_a_key_error(registry_url: str) -> None:
    with pytest.raises(KeyError):
        backward(registry_url).schema(10**8)


def test_an_address_without_a_registry_is_told(registry_url: str) -> None:
    with pytest.raises(RegistryUnavailableError, match="/apis/ccompat/v7"):
        backward(registry_url.removesuffix("/apis/ccompat/v7")).subjects()


def test_no_answer_is_told_and_ends_with_its_own_code() -> None:
    with pytest.raises(RegistryUnavailableError, match="no schema registry answers at http://127") as told:
        backward("http://127.0.0.1:9").subjects()
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
