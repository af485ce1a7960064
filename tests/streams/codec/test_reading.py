"""Reading: every kind in every format comes back as the JSON that it would have been; nothing else crashes."""

import contextlib

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.events import KINDS, RecordKind
from streams.codec.codec import FRAMED
from streams.codec.framing import framing
from streams.codec.json_codec import JsonCodec
from streams.codec.reading import Reader, UnreadableError
from streams.codec.terms import Terms
from streams.exits import UsageError
from tests.streams.codec.batches import TAG, VOCABULARIES, batch_of

IDS = {kind: 300 + place for place, kind in enumerate(KINDS)}
TERMS = Terms(TAG, VOCABULARIES, ids=IDS)
JSON = JsonCodec(TAG, VOCABULARIES)


def reader_of(format_name: str) -> Reader:
    codec = FRAMED[format_name]
    schemas = {IDS[kind]: (codec.schema_type, codec.schema(kind, TERMS)) for kind in KINDS}
    return Reader(schemas.__getitem__)


@pytest.mark.parametrize("format_name", FRAMED)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.topic}.{kind.name}")
def test_records_come_back_as_json(kind: RecordKind, format_name: str) -> None:
    batch, reader = batch_of(kind, 40), reader_of(format_name)
    told = [orjson.loads(line) for line in reader.lines(FRAMED[format_name](TERMS).lines(batch))]
    meant = [orjson.loads(line) for line in JSON.lines(batch)]
    assert told == meant


def test_json_is_not_touched() -> None:
    lines = JSON.lines(batch_of(KINDS[0], 5))
    assert Reader().lines([*lines, None, b"?"]) == [*lines, b"", b"?"]


def test_framed_json_needs_no_registry() -> None:
    assert Reader().line(framing(5) + b'{"a":1}') == b'{"a":1}'


def test_without_a_registry_the_remedy_is_told() -> None:
    with pytest.raises(UsageError, match="--registry URL"):
        Reader().line(framing(5) + b".abc")


def test_a_schema_that_the_registry_has_not_is_told() -> None:
    with pytest.raises(UnreadableError, match="no schema 9"):
        reader_of("avro").line(framing(9) + b".abc")


@pytest.mark.parametrize("format_name", ["avro", "protobuf"])
@settings(max_examples=150, deadline=None)
@given(payload=st.binary(max_size=80), kind=st.sampled_from(KINDS))
def test_any_bytes_are_a_record_or_unreadable(format_name: str, payload: bytes, kind: RecordKind) -> None:
    value = framing(IDS[kind]) + payload
    if payload.startswith(b"{"):  # JSON, as far as anybody can tell: its reader says whether it is
        assert READERS[format_name].line(value) == payload
        return
    with contextlib.suppress(UnreadableError):
        assert isinstance(orjson.loads(READERS[format_name].line(value)), dict)


@pytest.mark.parametrize("format_name", ["avro", "protobuf"])
def test_every_cut_of_a_record_is_a_record_or_unreadable(format_name: str) -> None:
    for kind in KINDS:
        (line,) = FRAMED[format_name](TERMS).lines(batch_of(kind, 1))
        for end in range(len(line)):
            assert (
                READERS[format_name].lines([line[:end]])[0] in (b"", line[:end]) or format_name == "protobuf"
            )


READERS = {name: reader_of(name) for name in FRAMED}
