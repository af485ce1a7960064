"""Headers of records: CloudEvents' Kafka binding in binary mode, and the trace context."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sim.batch import EventBatch
from sim.events import RecordKind
from sim.numbering import event_ids
from streams.codec.codec import Codec
from streams.traceparent import TRACEPARENT, traceparents

__all__ = ["CONTENT_TYPE", "Header", "Headers"]

Header = tuple[str, bytes]
CONTENT_TYPE = "content-type"


class Headers:
    """Makes the headers of batches: every attribute that CloudEvents asks for, and those that help a reader.

    The key is told as ``ce_partitionkey`` (the partitioning extension), and ``ce_dataschema`` says where the schema is.
    """

    def __init__(
        self, codec: Codec, tag: str, source: str, *, cloudevents: bool = True, traceparent: bool = True
    ) -> None:
        """``source`` is CloudEvents' source."""
        self._codec, self._tag, self._source = codec, tag, source
        self._cloudevents, self._traceparent = cloudevents, traceparent
        self._fixed: dict[RecordKind, list[Header]] = {}

    def of(self, batch: EventBatch, keys: list[bytes]) -> list[list[Header]]:
        """The headers of each record, given its key."""
        found: list[list[Header]] = [[] for _ in range(len(batch))]
        if self._cloudevents:
            found = self._attributes(batch, keys)
        if self._traceparent:
            contexts = traceparents(self._tag, batch.kind.topic, batch.source, batch.number)
            for headers, context in zip(found, contexts, strict=True):
                headers.append((TRACEPARENT, context))
        return found

    def _attributes(self, batch: EventBatch, keys: list[bytes]) -> list[list[Header]]:
        fixed = self._fixed.setdefault(batch.kind, self._of_kind(batch.kind))
        ids = event_ids(self._tag, batch.kind.topic, batch.source.tolist(), batch.number.tolist())
        times = [_rfc3339(at) for at in batch.as_told().at.tolist()]
        return [
            [*fixed, ("ce_id", name.encode()), ("ce_time", at), ("ce_partitionkey", key)]
            for name, at, key in zip(ids, times, keys, strict=True)
        ]

    def _of_kind(self, kind: RecordKind) -> list[Header]:
        told: Mapping[str, str] = {
            "ce_specversion": "1.0",
            "ce_type": f"greenroom.{kind.topic}.{kind.name}.v{kind.version}",
            "ce_source": self._source,
            "ce_dataschema": self._codec.schema_uri(kind),
            CONTENT_TYPE: self._codec.content_type,
            "greenroom-synthetic": "true",
        }
        return [(name, text.encode()) for name, text in told.items()]


def _rfc3339(at: int) -> bytes:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").encode()
