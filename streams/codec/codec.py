"""The codec: what turns batches into the bytes of one format."""

from typing import Protocol

from sim.batch import EventBatch
from sim.events import RecordKind
from sim.names import UnknownNameError
from streams.codec.avro_codec import AvroCodec
from streams.codec.json_schema_codec import JsonSchemaCodec
from streams.codec.protobuf_codec import ProtobufCodec

__all__ = ["FORMATS", "FRAMED", "Codec", "FramedCodec", "format_named"]


class Codec(Protocol):
    """One format of the records of a run."""

    @property
    def name(self) -> str:
        """Name of the format."""

    @property
    def content_type(self) -> str:
        """Media type of a record."""

    @property
    def tag(self) -> str:
        """Tag of the run's seed, with which every event id begins."""

    def lines(self, batch: EventBatch) -> list[bytes]:
        """The records of a batch, in its order; OverflowError names a number that does not fit its field."""

    def size(self, batch: EventBatch) -> int:
        """Encode a batch and say only how many bytes that gave."""

    def schema_uri(self, kind: RecordKind) -> str:
        """What names the schema of a kind's records."""


FramedCodec = AvroCodec | JsonSchemaCodec | ProtobufCodec
FRAMED: dict[str, type[FramedCodec]] = {
    codec.name: codec for codec in (AvroCodec, JsonSchemaCodec, ProtobufCodec)
}
"""Formats whose records name a schema in a registry."""
FORMATS = ("json", *FRAMED)


def format_named(name: str) -> str:
    """The name of a format, if it is one."""
    if name not in FORMATS:
        raise UnknownNameError("format", name, FORMATS)
    return name
