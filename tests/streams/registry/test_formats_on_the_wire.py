"""A run in every format, on a broker and a registry: what third-party readers find, and what our own say of it."""

import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import fastavro
import jsonschema
import pytest
import yaml
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from kafka.consumer.fetcher import ConsumerRecord

from sim.events import kind_named
from sim.scenario import Scenario
from sim.testing import tiny_scenario
from sim.world import World
from streams.codec.codec import FRAMED
from streams.codec.framing import FRAME, framed_id
from streams.commands.formats import codec_of, reader_of
from streams.exits import UsageError
from streams.scenario_flags import paced
from streams.settings import ClusterSettings
from streams.traceparent import of_event
from streams.watch.auditing import audit_run
from streams.watch.following import monitor_stream
from tests.streams.publish.program import Greenroom, records_of

SOURCES = ("catalog", "audience", "journeys", "content", "truth")
HOURS = 3
_TIMES = ("posted_at", "onset_ms", "end_ms")  # Avro's readers make dates of them


def scenario() -> Scenario:
    """Everything at once: a field that comes, one that goes, one that is missing at times, and a watched feature."""
    changes = [
        {
            "name": "surface",
            "at": "90m",
            "topic": "journeys",
            "kind": "play",
            "add_field": {"name": "surface", "type": "label", "values": {"home": 3, "search": 1}},
        },
        {"name": "no_origin", "at": "2h", "topic": "journeys", "kind": "play", "remove_field": "origin"},
    ]
    gaps = {
        "kind": "missing_values",
        "name": "gaps",
        "at": "1h",
        "records": ["session_start"],
        "field": "device",
        "rate": 0.3,
    }
    feature = {"name": "rank", "topic": "journeys", "kinds": ["impression"], "field": "rank"}
    drift = {"reference": "1h", "window": "30m", "features": [feature | {"type": "numeric"}]}
    shifts = [*(shift.model_dump(mode="json") for shift in tiny_scenario().shifts), gaps]
    return tiny_scenario(schema_changes=changes, shifts=shifts, drift=drift)


@cache
def meant() -> dict[str, dict[str, Any]]:
    """Every record of the run as JSON, by event id; a tombstone is not here."""
    chosen = scenario()
    codec = codec_of(chosen, "", "json", None)
    found: dict[str, dict[str, Any]] = {}
    for tick in World(chosen, pace=paced(chosen, "max", None)[1]).ticks():
        if tick.at >= chosen.start_ms + HOURS * 3_600_000:
            return found
        for batch in tick.until(chosen.start_ms + HOURS * 3_600_000).batches:
            for line in () if batch.kind.tombstone else codec.lines(batch):
                record = json.loads(line)
                found[record["event_id"]] = record
    raise AssertionError("a world has no end")


@dataclass(frozen=True)
class Published:
    """A run that has ended, in one format."""

    format_name: str
    run: str
    records: list[tuple[str, ConsumerRecord]]


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


def values(published: Published) -> Iterator[tuple[str, bytes]]:
    return ((topic, record.value) for topic, record in published.records if record.value is not None)


class Foreign:
    """Reads records with the libraries that consumers use, and nothing of ours but the registry's schemas."""

    def __init__(self, client: SchemaRegistryClient, folder: Path) -> None:
        self._client, self._folder = client, folder
        self._schemas: dict[int, tuple[str, Any]] = {}

    def read(self, value: bytes) -> dict[str, Any]:
        schema_id = framed_id(value)
        assert schema_id
        if schema_id not in self._schemas:
            found = self._client.get_schema(schema_id)
            self._schemas[schema_id] = found.schema_type or "", self._parsed(found, schema_id)
        schema_type, schema = self._schemas[schema_id]
        payload = value[FRAME:]
        if schema_type == "AVRO":
            told: dict[str, Any] = fastavro.schemaless_reader(io.BytesIO(payload), schema)
            told["occurred_at"] = round(told["occurred_at"].timestamp() * 1000)
            return told
        if schema_type == "JSON":
            told = json.loads(payload)
            schema.validate(told)
            return told
        message = schema.FromString(payload[1:])
        return {
            field.name: getattr(message, field.name)
            for field in message.DESCRIPTOR.fields
            if not field.has_presence or message.HasField(field.name)
        }

    def _parsed(self, found: Any, schema_id: int) -> Any:
        if found.schema_type == "AVRO":
            return fastavro.parse_schema(json.loads(found.schema_str))
        if found.schema_type == "JSON":
            return jsonschema.Draft7Validator(json.loads(found.schema_str))
        return self._compiled(found.schema_str, f"schema-{schema_id}")

    def _compiled(self, text: str, name: str) -> Any:
        (self._folder / f"{name}.proto").write_text(text)
        out = self._folder / f"{name}.binpb"
        command = [
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            f"-I{self._folder}",
            f"--descriptor_set_out={out}",
        ]
        subprocess.run([*command, f"{name}.proto"], check=True)
        (file,) = descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file
        pool = descriptor_pool.DescriptorPool()
        pool.Add(file)
        full_name = f"{file.package}.{file.message_type[0].name}"
        return message_factory.GetMessageClass(pool.FindMessageTypeByName(full_name))


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
        assert {field: told[name][field] for field in plain if field not in _TIMES} == {
            field: value for field, value in plain.items() if field not in _TIMES
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
