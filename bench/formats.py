"""Formats: encoding the events of a scenario in each, beside what a user would pick for the same records."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import fastavro
import numpy as np
import orjson
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

from bench.figure import Figure, measured
from sim.batch import EventBatch
from sim.events import KINDS, RecordKind
from sim.scenario_file import load
from sim.world import World
from streams.codec.codec import FRAMED
from streams.codec.json_codec import JsonCodec
from streams.codec.plain import records
from streams.codec.reading import Reader
from streams.codec.terms import Terms
from streams.commands.formats import terms_of
from streams.schemas.avro import avro_schema
from streams.schemas.proto_file import message_class
from streams.schemas.protobuf import proto_text
from streams.watch.heads import read_heads

SCENARIO = "video_service"
ROUNDS = 5
EVENTS = 200_000
FEW = 15_000

_SCENARIO = load(SCENARIO, {"audience.viewers": 250_000})
_PLAIN = terms_of(_SCENARIO)
_TERMS = Terms(_PLAIN.tag, _PLAIN.vocabularies, _PLAIN.missing, {k: n for n, k in enumerate(KINDS, 1)})
Encode = Callable[[dict[str, Any]], object]


def figures(broker: str | None = None) -> Iterator[Figure]:
    """Events per CPU second of each format; no broker is needed."""
    batches = _journeys()
    few = [batch.rows(np.arange(len(batch) * FEW // sum(map(len, batches)))) for batch in batches]
    peers: dict[str, tuple[str, Callable[[RecordKind], Encode]]] = {
        "json": ("orjson, dicts one by one", lambda kind: orjson.dumps),
        "json_schema": ("orjson, dicts one by one", lambda kind: orjson.dumps),
        "avro": ("fastavro schemaless_writer, dicts one by one", _fastavro),
        "protobuf": ("protobuf runtime, dicts one by one", _protobuf),
    }
    codecs = {"json": JsonCodec(_TERMS.tag, _TERMS.vocabularies)}
    codecs |= {name: codec(_TERMS) for name, codec in FRAMED.items()}
    best = {name: _rate(batches, codec.lines) for name, codec in codecs.items()}
    for name, rate in best.items():
        peer, encode = peers[name]
        yield Figure(f"formats.encode.{name}", rate, "events/CPU-s", peer, rate / _one_by_one(few, encode))
    serializer = _one_by_one(few, _confluent)
    peer = "confluent-kafka AvroSerializer"
    yield Figure(
        "formats.encode.avro.serializer", best["avro"], "events/CPU-s", peer, best["avro"] / serializer
    )
    yield from _reading(batches, codecs)


def _journeys() -> list[EventBatch]:
    """Events of the journeys, as ticks bring them."""
    found: list[EventBatch] = []
    for tick in World(_SCENARIO).ticks():
        found += [batch for batch in tick.on("journeys") if batch.kind.columnar]
        if sum(map(len, found)) >= EVENTS:
            return found
    raise AssertionError("a world has no end")


def _rate(batches: list[EventBatch], encode: Callable[[EventBatch], object]) -> float:
    count = sum(map(len, batches))
    return max(count / _cpu(lambda: [encode(batch) for batch in batches]) for _ in range(ROUNDS))


def _one_by_one(batches: list[EventBatch], encoder: Callable[[RecordKind], Encode]) -> float:
    """Events per CPU second of an encoder of single records, which starts from the same columns as ours."""
    encoders = {batch.kind: encoder(batch.kind) for batch in batches}

    def encode() -> None:
        for batch in batches:
            for record in records(batch, _TERMS.tag, _TERMS.vocabularies):
                encoders[batch.kind](record)

    return max(sum(map(len, batches)) / _cpu(encode) for _ in range(ROUNDS))


def _cpu(work: Callable[[], object]) -> float:
    with measured() as spent:
        work()
    return spent.cpu_s


def _fastavro(kind: RecordKind) -> Encode:
    schema = fastavro.parse_schema(avro_schema(kind, _TERMS.vocabularies, _TERMS.missing))

    def encode(record: dict[str, Any]) -> bytes:
        out = BytesIO()
        fastavro.schemaless_writer(out, schema, record)
        return out.getvalue()

    return encode


def _protobuf(kind: RecordKind) -> Encode:
    message = message_class(proto_text(kind, _TERMS.missing))
    return lambda record: message(**record).SerializeToString()


def _confluent(kind: RecordKind) -> Encode:
    client = SchemaRegistryClient.new_client({"url": "mock://"})
    text = orjson.dumps(avro_schema(kind, _TERMS.vocabularies, _TERMS.missing)).decode()
    serializer = AvroSerializer(client, text)
    context = SerializationContext("journeys", MessageField.VALUE)
    return lambda record: serializer(record, context)


def _reading(batches: list[EventBatch], codecs: dict[str, Any]) -> Iterator[Figure]:
    """What readers pay: the audit for heads, the monitor for the values of what it watches."""
    batch = max(batches, key=len)
    for name, codec in codecs.items():
        lines = codec.lines(batch)[:50_000]
        heads = max(len(lines) / _cpu(lambda lines=lines: read_heads(lines, "j")) for _ in range(ROUNDS))
        yield Figure(f"formats.heads.{name}", heads, "records/CPU-s")
        if name in FRAMED:
            schema = codec.schema_type, codec.schema(batch.kind, _TERMS)
            few, reader = lines[:FEW], Reader(lambda _, schema=schema: schema)
            values = max(
                len(few) / _cpu(lambda few=few, reader=reader: reader.lines(few)) for _ in range(ROUNDS)
            )
            yield Figure(f"formats.values.{name}", values, "records/CPU-s")
