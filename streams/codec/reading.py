"""Reading: records of any format back as JSON, which schema they follow being asked of a registry."""

import json
from collections.abc import Callable, Iterable
from functools import cache
from io import BytesIO
from typing import Any

import fastavro
import orjson
from google.protobuf.message import DecodeError, Message

from sim.events import KINDS
from sim.numbering import TOPIC_LETTERS
from streams.codec.framing import FRAME, framed_id, unframed
from streams.codec.protobuf_codec import FIRST_MESSAGE
from streams.exits import UsageError
from streams.schemas.proto_file import message_class

__all__ = ["Reader", "UnreadableError"]

Record = dict[str, Any]
_LETTER = 4
_BRACE = ord("{")
_JSON_TEXT = {
    (TOPIC_LETTERS[kind.topic], kind.name): tuple(
        field.name for field in kind.fields if field.type == "json" and field.holds == "any"
    )
    for kind in KINDS
}
"""Fields of each kind that hold JSON text in a format that has no type for any value."""


class UnreadableError(ValueError):
    """Bytes that are no record of the schema that they name, or of none that is known."""


class Reader:
    """Turns records into JSON, whatever format they are in; what is JSON already stays as it is.

    >>> Reader().line(b'{"event_id":"7f3ak00001-000000000001"}')
    b'{"event_id":"7f3ak00001-000000000001"}'
    """

    def __init__(self, find: Callable[[int], tuple[str, str]] | None = None) -> None:
        """``find`` gives type and text of a schema by its id, or KeyError; without it, JSON alone is read."""
        self._find = find
        self._decoders: dict[int, Callable[[bytes], Record]] = {}

    def line(self, value: bytes) -> bytes:
        """One record as JSON; :class:`UnreadableError` if it follows no schema."""
        if value[:1] != b"\0":
            return value
        if len(value) > FRAME and value[FRAME] == _BRACE:
            return unframed(value)
        return orjson.dumps(self._record(value))

    def lines(self, values: Iterable[bytes | None]) -> list[bytes]:
        """Records as JSON, one a line; no bytes for what is not there or cannot be read."""
        return [self._line_or_none(value) for value in values]

    def _line_or_none(self, value: bytes | None) -> bytes:
        try:
            return self.line(value or b"")
        except UnreadableError:
            return b""

    def _record(self, value: bytes) -> Record:
        schema_id = framed_id(value)
        if schema_id is None:
            raise UnreadableError(f"the value {value[:FRAME]!r} is a frame without a record")
        if schema_id not in self._decoders:
            self._decoders[schema_id] = self._decoder(schema_id)
        try:
            record = self._decoders[schema_id](value[FRAME:])
        except (
            DecodeError,
            ValueError,
            IndexError,
            EOFError,
            TypeError,
            KeyError,
            StopIteration,
            OverflowError,
        ) as error:
            raise UnreadableError(
                f"the value is no record of schema {schema_id}: {type(error).__name__}: {error}"
            ) from error
        return record

    def _decoder(self, schema_id: int) -> Callable[[bytes], Record]:
        if self._find is None:
            raise UsageError(
                f"records follow schema {schema_id} of a registry; say where it is with --registry URL"
            )
        try:
            schema_type, text = self._find(schema_id)
        except KeyError as error:
            raise UnreadableError(f"the registry has no schema {schema_id}") from error
        if schema_type == "AVRO":
            return _avro(text)
        return _protobuf(text) if schema_type == "PROTOBUF" else orjson.loads


def _avro(text: str) -> Callable[[bytes], Record]:
    schema = fastavro.parse_schema(_without_logical_types(json.loads(text)))

    def decode(payload: bytes) -> Record:
        told: Any = fastavro.schemaless_reader(BytesIO(payload), schema)
        return _with_json({name: value for name, value in told.items() if value is not None})

    return decode


def _without_logical_types(schema: Any) -> Any:
    """The schema with times as the numbers that they are."""
    if isinstance(schema, list):
        return [_without_logical_types(each) for each in schema]
    if isinstance(schema, dict):
        return {name: _without_logical_types(each) for name, each in schema.items() if name != "logicalType"}
    return schema


def _protobuf(text: str) -> Callable[[bytes], Record]:
    message = message_class(text)

    def decode(payload: bytes) -> Record:
        if not payload.startswith(FIRST_MESSAGE):
            raise ValueError("the message is not the first of its file")
        return _with_json(_told(message.FromString(payload[len(FIRST_MESSAGE) :])))

    return decode


def _told(message: Message) -> Record:
    return {
        field.name: list(getattr(message, field.name)) if field.is_repeated else getattr(message, field.name)
        for field in message.DESCRIPTOR.fields
        if not field.has_presence or message.HasField(field.name)
    }


def _with_json(record: Record) -> Record:
    for name in _json_fields(record["event_id"][_LETTER], record["kind"]):
        if name in record:
            record[name] = orjson.loads(record[name])
    return record


@cache
def _json_fields(letter: str, kind: str) -> tuple[str, ...]:
    return _JSON_TEXT.get((letter, kind), ())
