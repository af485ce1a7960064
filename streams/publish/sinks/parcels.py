"""Parcels: records gathered into the bodies of HTTP requests."""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal, NamedTuple

import orjson

from streams.publish.records import Records

__all__ = ["Form", "Letter", "Parcel", "letters_of"]

Form = Literal["lines", "cloudevents", "raw"]

_ID = re.compile(rb"[0-9a-f]{4}[a-z]\d{5}-\d{12}")
_WITHIN = 64
_MOST_KEY = 200


class Letter(NamedTuple):
    """One record on its way to a receiver."""

    topic: str
    kind: str
    at: int
    key: bytes
    value: bytes


@dataclass(frozen=True)
class Parcel:
    """Records that travel in one request, in one of three forms.

    ``lines`` are the records as on the wire, a line each; ``cloudevents`` is a batch in CloudEvents' JSON format;
    ``raw`` is one record's bytes, as Kafka has them, framing and all.
    """

    letters: tuple[Letter, ...]
    form: Form
    source: str
    record_type: str
    """The content type of a record's bytes."""

    @cached_property
    def body(self) -> bytes:
        """The request's body."""
        if self.form == "raw":
            return b"".join(letter.value for letter in self.letters)
        if self.form == "lines":
            return b"".join(letter.value + b"\n" for letter in self.letters)
        return b"[" + b",".join(map(self._event, self.letters)) + b"]"

    @property
    def content_type(self) -> str:
        """What the body is."""
        by_form = {"lines": "application/x-ndjson", "cloudevents": "application/cloudevents-batch+json"}
        return by_form.get(self.form, self.record_type)

    @cached_property
    def id(self) -> str:
        """The same for the same records, however often and by whomever they are sent: receivers tell repeats by it."""
        return f"msg_{hashlib.sha256(self.body).hexdigest()[:32]}"

    def _event(self, letter: Letter) -> bytes:
        attributes = {
            "specversion": "1.0",
            "id": _event_id(letter.value),
            "source": self.source,
            "type": f"greenroom.{letter.topic}.{letter.kind}.v1",
            "time": datetime.fromtimestamp(letter.at / 1000, UTC).isoformat(timespec="milliseconds"),
            "partitionkey": letter.key.decode(errors="replace")[:_MOST_KEY],
            "datacontenttype": self.record_type,
        }
        head = orjson.dumps(attributes)[:-1]
        if self.record_type == "application/json" and _is_json(letter.value):
            return head + b',"data":' + letter.value + b"}"
        return head + b',"data_base64":"' + base64.b64encode(letter.value) + b'"}'


def letters_of(records: Records) -> Iterator[Letter]:
    """The records of a chunk, one by one."""
    columns: Sequence[Sequence[object]] = (
        records.kind.tolist(),
        records.at.tolist(),
        records.keys,
        records.values,
    )
    for kind, at, key, value in zip(*columns, strict=True):
        yield Letter(records.topic, records.kinds[kind], at, key, value)


def _event_id(value: bytes) -> str:
    """The record's event id, which is the first field in every format; or a digest of bytes that bear none."""
    found = _ID.search(value, 0, _WITHIN)
    return found[0].decode() if found else f"sha256-{hashlib.sha256(value).hexdigest()}"


def _is_json(value: bytes) -> bool:
    try:
        orjson.loads(value)
    except orjson.JSONDecodeError:
        return False
    return True
