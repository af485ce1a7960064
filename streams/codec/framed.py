"""Framed codecs: records behind Confluent's frame, which says where in a registry their schema is."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from sim.batch import EventBatch
from sim.events import RecordKind
from streams.codec.plain import Rows, encoded
from streams.codec.terms import Terms

__all__ = ["Framed"]


class Framed(ABC):
    """A codec for one language of schemas: whole batches in columns where a kind allows, else record by record."""

    name: ClassVar[str]
    content_type: ClassVar[str]
    schema_type: ClassVar[str]
    """What registries call the language."""

    def __init__(self, terms: Terms) -> None:
        self.terms, self.tag = terms, terms.tag
        self._rows: dict[RecordKind, Rows] = {}

    def lines(self, batch: EventBatch) -> list[bytes]:
        """The records of a batch, in its order."""
        kind = batch.kind
        if kind.columnar and kind not in self._rows:
            self._rows[kind] = self._columnar(kind)
        rows, words = self._rows.get(kind), self.terms.vocabularies
        return encoded(batch, rows, lambda record: self._one(kind, record), self.tag, words)

    def size(self, batch: EventBatch) -> int:
        """Encode a batch and say only how many bytes that gave."""
        return sum(map(len, self.lines(batch)))

    def schema_uri(self, kind: RecordKind) -> str:
        """What names the schema of a kind's records."""
        return self.terms.uri_of(kind)

    @staticmethod
    @abstractmethod
    def schema(kind: RecordKind, terms: Terms) -> str:
        """The text of a kind's schema."""

    @abstractmethod
    def _columnar(self, kind: RecordKind) -> Rows:
        """What encodes the records of a columnar kind at once."""

    @abstractmethod
    def _one(self, kind: RecordKind, record: dict[str, Any]) -> bytes:
        """One record, frame and all."""
