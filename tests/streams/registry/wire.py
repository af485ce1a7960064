"""What runs in every format on a broker and a registry, what it was meant to be, and readers that are not ours."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import fastavro
import jsonschema
from confluent_kafka.schema_registry import SchemaRegistryClient
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from kafka.consumer.fetcher import ConsumerRecord

from sim.scenario import Scenario
from sim.testing import tiny_scenario
from sim.world import World
from streams.codec.framing import FRAME, framed_id
from streams.commands.formats import codec_of
from streams.scenario_flags import paced

SOURCES = ("catalog", "audience", "journeys", "content", "truth")
HOURS = 3
TIMES = ("posted_at", "onset_ms", "end_ms")  # Avro's readers make dates of them


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
