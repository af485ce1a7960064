"""Every kind in every format: third-party readers find what the columns say, and the bytes are the canonical ones."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastavro
import jsonschema
import numpy as np
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, unknown_fields
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.batch import EventBatch
from sim.events import KINDS, Field, RecordKind
from sim.numbering import event_ids
from streams.codec.avro_codec import AvroCodec
from streams.codec.framing import FRAME, framed_id
from streams.codec.json_schema_codec import JsonSchemaCodec
from streams.codec.plain import records
from streams.codec.protobuf_codec import ProtobufCodec
from streams.codec.terms import Terms
from streams.schemas.naming import full_name, optional
from streams.schemas.proto_file import parsed
from tests.streams.codec.batches import TAG, VOCABULARIES, batch_of, meant

IDS = {kind: 70_000 + place for place, kind in enumerate(KINDS)}
NAMES = {name: tuple("abcdefgh") for name in VOCABULARIES}
"""Words that Avro can make an enum of, beside those that it cannot."""
TERMS = Terms(TAG, VOCABULARIES, ids=IDS, registry="http://127.0.0.1:1")
ENUMS = Terms(TAG, NAMES, ids=IDS, registry="http://127.0.0.1:1")
ROWS = 60
Decode = Callable[[RecordKind, bytes, Terms], dict[str, Any]]


@pytest.fixture(scope="session")
def protoc(tmp_path_factory: pytest.TempPathFactory) -> descriptor_pool.DescriptorPool:
    """All .proto files as the official compiler reads them."""
    folder = tmp_path_factory.mktemp("proto")
    for kind in KINDS:
        (folder / f"{full_name(kind)}.proto").write_text(ProtobufCodec.schema(kind, TERMS))
    return compiled(folder)


def compiled(folder: Path) -> descriptor_pool.DescriptorPool:
    out = folder / "all.binpb"
    names = sorted(path.name for path in folder.glob("*.proto"))
    subprocess.run(
        [sys.executable, "-m", "grpc_tools.protoc", f"-I{folder}", f"--descriptor_set_out={out}", *names],
        check=True,
    )
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file:
        pool.Add(file)
    return pool


@pytest.fixture(params=KINDS, ids=lambda kind: f"{kind.topic}.{kind.name}")
def kind(request: pytest.FixtureRequest) -> RecordKind:
    found: RecordKind = request.param
    return found


def from_avro(kind: RecordKind, payload: bytes, terms: Terms) -> dict[str, Any]:
    schema = json.loads(AvroCodec.schema(kind, terms).replace('"logicalType":"timestamp-millis"', '"x":0'))
    rest = io.BytesIO(payload)
    told: dict[str, Any] = fastavro.schemaless_reader(rest, fastavro.parse_schema(schema))
    assert not rest.read()
    return _with_json(kind, {name: value for name, value in told.items() if value is not None})


def from_json(kind: RecordKind, payload: bytes, terms: Terms) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(payload)
    jsonschema.validate(told, json.loads(JsonSchemaCodec.schema(kind, terms)))
    return told


def from_protobuf(kind: RecordKind, payload: bytes, pool: descriptor_pool.DescriptorPool) -> dict[str, Any]:
    assert payload[0] == 0
    message = message_factory.GetMessageClass(pool.FindMessageTypeByName(full_name(kind)))()
    message.ParseFromString(payload[1:])
    assert not list(unknown_fields.UnknownFieldSet(message))
    told = {}
    for field in message.DESCRIPTOR.fields:
        if not field.has_presence or message.HasField(field.name):
            value = getattr(message, field.name)
            told[field.name] = list(value) if field.is_repeated else value
    return _with_json(kind, told)


def _with_json(kind: RecordKind, told: dict[str, Any]) -> dict[str, Any]:
    for field in kind.fields:
        if field.type == "json" and field.holds == "any" and field.name in told:
            told[field.name] = json.loads(told[field.name])
    return told


def check(batch: EventBatch, lines: list[bytes], decode: Callable[[bytes], dict[str, Any]]) -> None:
    kind = batch.kind
    ids = event_ids(TAG, kind.topic, batch.source.tolist(), batch.number.tolist())
    for row, line in enumerate(lines):
        assert framed_id(line) == IDS[kind]
        told = decode(line[FRAME:])
        assert told["event_id"] == ids[row]
        assert (told["kind"], told["occurred_at"], told["schema_version"]) == (kind.name, batch.at[row], 1)
        assert told["synthetic"] is True
        assert list(told) == [name for name in _names(kind) if name in told]
        for field in kind.fields:
            _check_field(batch, field, row, told)


def _names(kind: RecordKind) -> list[str]:
    envelope = ["event_id", "kind", "occurred_at", "schema_version", "synthetic"]
    return [*envelope, *(field.name for field in kind.fields)]


def _check_field(batch: EventBatch, field: Field, row: int, told: dict[str, Any]) -> None:
    value = meant(batch, field, row)
    if value is None:
        assert field.name not in told
    elif field.type == "share":
        assert told[field.name] == pytest.approx(float(value), abs=6e-7)
    else:
        assert told[field.name] == value


def test_fastavro_reads_avro(kind: RecordKind) -> None:
    batch = batch_of(kind, ROWS)
    check(batch, AvroCodec(TERMS).lines(batch), lambda payload: from_avro(kind, payload, TERMS))


def test_jsonschema_accepts_json_schema(kind: RecordKind) -> None:
    batch = batch_of(kind, ROWS)
    check(batch, JsonSchemaCodec(TERMS).lines(batch), lambda payload: from_json(kind, payload, TERMS))


def test_the_protobuf_runtime_reads_protobuf(
    kind: RecordKind, protoc: descriptor_pool.DescriptorPool
) -> None:
    batch = batch_of(kind, ROWS)
    check(batch, ProtobufCodec(TERMS).lines(batch), lambda payload: from_protobuf(kind, payload, protoc))


@pytest.mark.parametrize("terms", [TERMS, ENUMS], ids=["strings", "enums"])
@pytest.mark.parametrize("codec", [AvroCodec, ProtobufCodec])
def test_packed_rows_are_what_a_writer_of_single_records_gives(
    kind: RecordKind, codec: type[AvroCodec] | type[ProtobufCodec], terms: Terms
) -> None:
    batch, encoder = batch_of(kind, ROWS), codec(terms)
    told = records(batch, TAG, terms.vocabularies)
    assert encoder.lines(batch) == [encoder._one(kind, record) for record in told]
    assert encoder.size(batch) == sum(map(len, encoder.lines(batch)))


def test_protoc_and_the_reader_of_flat_files_agree(
    kind: RecordKind, protoc: descriptor_pool.DescriptorPool
) -> None:
    official = descriptor_pb2.DescriptorProto()
    protoc.FindMessageTypeByName(full_name(kind)).CopyToProto(official)
    for field in official.field:
        field.ClearField("json_name")
    assert parsed(ProtobufCodec.schema(kind, TERMS)).message_type[0] == official


@pytest.mark.parametrize("codec", [AvroCodec, ProtobufCodec, JsonSchemaCodec])
def test_a_record_that_lacks_a_field_is_without_it(
    codec: type[AvroCodec] | type[ProtobufCodec] | type[JsonSchemaCodec],
) -> None:
    kind = next(kind for kind in KINDS if kind.name == "session_start")
    terms = Terms(TAG, NAMES, frozenset({"journeys.session_start.device"}), IDS)
    batch = batch_of(kind, 30)
    gone = np.arange(30) % 3 == 0
    batch.columns["device"] = np.ma.MaskedArray(batch.columns["device"], mask=gone)
    decoders: dict[Any, Decode] = {AvroCodec: from_avro, JsonSchemaCodec: from_json, ProtobufCodec: _parsed}
    lines = codec(terms).lines(batch)
    told = [decoders[codec](kind, line[FRAME:], terms) for line in lines]
    assert ["device" not in record for record in told] == gone.tolist()
    ids = event_ids(TAG, kind.topic, batch.source.tolist(), batch.number.tolist())
    assert [record["event_id"] for record in told] == ids


def _parsed(kind: RecordKind, payload: bytes, terms: Terms) -> dict[str, Any]:
    pool = descriptor_pool.DescriptorPool()
    pool.Add(parsed(ProtobufCodec.schema(kind, terms)))
    return from_protobuf(kind, payload, pool)


@pytest.mark.parametrize("codec", [AvroCodec, ProtobufCodec, JsonSchemaCodec])
def test_a_number_too_large_for_its_field_is_refused(codec: Any) -> None:
    play = next(kind for kind in KINDS if kind.name == "play")
    batch = batch_of(play, 10)
    batch.columns["duration_ms"][3] = 2**32 + 17
    with pytest.raises(OverflowError, match="4294967313 is not a number"):
        codec(TERMS).lines(batch)


COLUMNAR = [kind for kind in KINDS if kind.columnar]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_values_come_back(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(COLUMNAR))
    count = data.draw(st.integers(1, 5))
    most = {"user": 10**8 - 1, "item": 10**7 - 1, "session": 99_999, "slate": 999, "instant": 10**13 - 1}

    def column(field: Field) -> np.ndarray:
        if field.type == "share":
            return np.array(
                data.draw(st.lists(st.floats(0, 1, width=32), min_size=count, max_size=count)), np.float32
            )
        top = {"label": 7, "count": 10**field.digits - 1}.get(field.type) or most[field.type]
        return np.array(data.draw(st.lists(st.integers(0, top), min_size=count, max_size=count)))

    whole = st.lists(st.integers(0, 10**12 - 1), min_size=count, max_size=count)
    batch = EventBatch(
        kind,
        np.array(data.draw(whole)) + 10**12,
        np.array(data.draw(whole)) % 65_000,
        {field.name: column(field) for field in kind.fields},
        np.array(data.draw(whole)),
    )
    for terms in (TERMS, ENUMS):
        for codec in (AvroCodec(terms), ProtobufCodec(terms)):
            single = [codec._one(kind, told) for told in records(batch, TAG, terms.vocabularies)]
            assert codec.lines(batch) == single


def test_what_may_be_absent_is_optional_in_every_language() -> None:
    for kind in KINDS:
        avro = {field["name"]: field for field in json.loads(AvroCodec.schema(kind, TERMS))["fields"]}
        required = json.loads(JsonSchemaCodec.schema(kind, TERMS))["required"]
        for field in kind.fields:
            may_be_absent = optional(kind, field)
            assert (avro[field.name].get("default", ...) is None) == may_be_absent
            assert (field.name not in required) == may_be_absent
            assert avro[field.name]["doc"].startswith(field.about)
