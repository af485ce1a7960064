"""Against a real registry: subjects and rules, and a run in every format, as third-party readers and our own find it.

All in one file, so that tests that run side by side start one registry and not two.
"""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext
from kafka.consumer.fetcher import ConsumerRecord

from sim.events import KINDS, Field, RecordKind, kind_named
from sim.schema_changes import evolved_kinds
from sim.testing import tiny_scenario
from streams.codec.codec import FRAMED
from streams.codec.framing import framed_id
from streams.commands.formats import reader_of, terms_of
from streams.exits import UsageError
from streams.registry.enrolment import enrolled, subject_of
from streams.registry.registry import IncompatibleSchemaError, Registry, RegistryUnavailableError
from streams.registry.settings import RegistrySettings
from streams.settings import ClusterSettings
from streams.traceparent import of_event
from streams.watch.auditing import audit_run
from streams.watch.following import monitor_stream
from tests.streams.publish.program import Greenroom, records_of
from tests.streams.registry.wire import HOURS, SOURCES, TIMES, Foreign, Published, meant, scenario, values

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


@pytest.fixture(scope="module", params=list(FRAMED))
def published(
    request: pytest.FixtureRequest,
    embedded_broker: ClusterSettings,
    registry_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Published:
    name: str = request.param
    folder, run = tmp_path_factory.mktemp(name), f"wire-{name.replace('_', '-')}-{id(request)}"
    path = folder / "evolving.yaml"
    path.write_text(yaml.safe_dump(scenario().model_dump(mode="json"), sort_keys=False))
    flags = ("--for", f"{HOURS}h", "--speed", "max", "--cloudevents", "--traceparent", "--format", name)
    where = ("--broker", embedded_broker.bootstrap, "--run", run, "--registry", registry_url)
    with Greenroom(folder, str(path), *flags, *where, "--checkpoint-every", "0s") as program:
        code, _, told = program.ended()
    assert code == 0, told
    read = records_of(embedded_broker, run)
    return Published(name, run, [(topic, record) for topic in SOURCES for record in read.get(topic, [])])


def test_third_party_readers_find_every_record(
    published: Published, registry_url: str, tmp_path: Path
) -> None:
    with SchemaRegistryClient({"url": registry_url}) as client:
        read = Foreign(client, tmp_path).read
        told = {record["event_id"]: record for record in (read(value) for _, value in values(published))}
    expected = meant()
    assert set(told) == set(expected)
    for name, record in expected.items():
        plain = {field: value for field, value in record.items() if isinstance(value, str | int | float)}
        assert {field: told[name][field] for field in plain if field not in TIMES} == {
            field: value for field, value in plain.items() if field not in TIMES
        }


def test_our_own_reader_gives_the_json_that_it_would_have_been(
    published: Published, registry_url: str
) -> None:
    lines = reader_of(registry_url).lines([value for _, value in values(published)])
    told = {record["event_id"]: record for record in map(json.loads, lines)}
    assert told == meant()


def test_fields_come_and_go_with_the_version_of_the_schema(published: Published, registry_url: str) -> None:
    lines = reader_of(registry_url).lines(
        [value for topic, value in values(published) if topic == "journeys"]
    )
    plays = [record for record in map(json.loads, lines) if record["kind"] == "play"]
    assert {play["schema_version"] for play in plays} == {1, 2, 3}
    for play in plays:
        assert ("surface" in play) == (play["schema_version"] >= 2)
        assert ("origin" in play) == (play["schema_version"] < 3)
    sessions = [record for record in map(json.loads, lines) if record["kind"] == "session_start"]
    assert 0 < sum("device" not in session for session in sessions) < len(sessions)


def test_the_audit_proves_it_and_needs_no_registry(
    published: Published, embedded_broker: ClusterSettings
) -> None:
    verdict = audit_run(embedded_broker, published.run, settle_s=5)
    assert verdict.proven, verdict.reasons
    assert verdict.total.audited == len(published.records)


def test_the_monitor_reads_features_and_shifts(
    published: Published, embedded_broker: ClusterSettings, registry_url: str
) -> None:
    report = monitor_stream(
        embedded_broker,
        published.run,
        scenario().drift,
        until_closed=True,
        settle_s=5,
        reader=reader_of(registry_url),
    )
    assert report.readings > 0
    assert {found["shift"] for found in report.drift} == {"short_evening", "gaps"}


def test_the_monitor_says_that_it_needs_the_registry(
    published: Published, embedded_broker: ClusterSettings
) -> None:
    if published.format_name == "json_schema":  # the frame is all that keeps it from being JSON
        return
    with pytest.raises(UsageError, match="--registry URL"):
        monitor_stream(embedded_broker, published.run, scenario().drift, until_closed=True, settle_s=5)


def test_every_record_is_a_cloud_event_with_its_trace(published: Published, registry_url: str) -> None:
    for topic, record in published.records:
        headers = dict(record.headers)
        event = from_binary(KafkaMessage(headers, record.key, record.value or b"null"), _AnyData())
        kind, version = event.get_type().split(".")[2:]
        assert kind_named(topic, kind)
        assert version.startswith("v")
        assert event.get_specversion() == "1.0"
        assert event.get_source() == "/greenroom/tiny"
        assert event.get_time().timestamp() * 1000 == pytest.approx(record.timestamp, abs=1)
        assert event.get_extension("partitionkey") == record.key.decode()
        assert event.get_datacontenttype() == FRAMED[published.format_name].content_type
        assert headers["ce_partitionkey"] == record.key
        assert headers["traceparent"] == of_event(event.get_id())
        if record.value is not None:
            schema_uri = f"{registry_url}/schemas/ids/{framed_id(record.value)}"
            assert event.get_dataschema() == schema_uri


class _AnyData(JSONFormat):
    """Attributes are what is looked at: data are as they come."""

    def read_data(self, body: bytes, datacontenttype: str | None) -> Any:
        return body


def test_confluent_s_own_deserializer_reads_avro(published: Published, registry_url: str) -> None:
    if published.format_name != "avro":
        return
    with SchemaRegistryClient({"url": registry_url}) as client:
        deserialize = AvroDeserializer(client)
        for topic, value in list(values(published))[::50]:
            told = deserialize(value, SerializationContext(f"{published.run}.{topic}", MessageField.VALUE))
            assert told["synthetic"] is True


def test_the_enricher_reads_it_and_goes_on_with_the_trace(
    published: Published, embedded_broker: ClusterSettings, registry_url: str, tmp_path: Path
) -> None:
    if (
        published.format_name != "avro"
    ):  # all formats are read by one reader; Faust around it is slow to start
        return
    asked = {
        record["event_id"] for record in meant().values() if record["kind"] == "born" and record.get("media")
    }
    where = ["--broker", embedded_broker.bootstrap, "--run", published.run, "--registry", registry_url]
    command = [sys.executable, "-m", "streams", "enrich", *where, "--store", str(tmp_path), "--workers", "1"]
    enricher = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        found = _enriched(embedded_broker, published.run, len(asked))
    finally:
        enricher.terminate()
        assert enricher.wait(60) == 0
    assert {json.loads(record.value)["event_id"] for record in found} == asked
    for record in found:
        told, context = json.loads(record.value), dict(record.headers)["traceparent"]
        source = of_event(told["event_id"]) or b""
        assert told["assets"][0]["medium"] == "visual"
        assert context[:36] == source[:36]
        assert context[36:52] != source[36:52]


def _enriched(broker: ClusterSettings, run: str, wanted: int) -> list[ConsumerRecord]:
    deadline = time.monotonic() + 90
    while True:
        found = records_of(broker, run).get("catalog.enriched", [])
        if len(found) >= wanted:
            return found
        assert time.monotonic() < deadline, f"{len(found)} of {wanted} enriched"
        time.sleep(1)
