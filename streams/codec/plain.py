"""Records of a batch as dictionaries: how those are encoded that have free text, or lack a field."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import orjson
from numpy.typing import NDArray

from sim.batch import EventBatch
from sim.events import Field, RecordKind
from sim.numbering import event_ids

__all__ = ["Rows", "encoded", "json_as_text", "lacking", "records"]

Vocabularies = Mapping[str, tuple[str, ...]]


class Rows(Protocol):
    """What encodes the records of a columnar kind at once."""

    def lines(self, batch: EventBatch) -> list[bytes]:
        """The records, in order."""


def encoded(
    batch: EventBatch,
    rows: Rows | None,
    one: Callable[[dict[str, Any]], bytes],
    tag: str,
    words: Vocabularies,
) -> list[bytes]:
    """The records of a batch: all at once if ``rows`` can, those that lack a field ``one`` by one."""
    if rows is None:
        return [one(record) for record in records(batch, tag, words)]
    short = lacking(batch)
    if short is None:
        return rows.lines(batch)
    whole = batch.rows(np.flatnonzero(~short))
    columns = {name: np.ma.getdata(column) for name, column in whole.columns.items()}
    found = np.empty(len(batch), dtype=object)
    found[~short] = rows.lines(replace(whole, columns=columns))
    found[short] = [one(record) for record in records(batch.rows(np.flatnonzero(short)), tag, words)]
    lines: list[bytes] = found.tolist()
    return lines


def lacking(batch: EventBatch) -> NDArray[np.bool_] | None:
    """Which records lack a field, its entry being masked; None if none can."""
    masked = [column for column in batch.columns.values() if isinstance(column, np.ma.MaskedArray)]
    if not masked:
        return None
    short: NDArray[np.bool_] = np.logical_or.reduce([np.ma.getmaskarray(column) for column in masked])
    return short


def records(batch: EventBatch, tag: str, words: Vocabularies) -> Iterator[dict[str, Any]]:
    """Each record, its fields in the order of the schema; what it lacks is left out."""
    names = ["event_id", "kind", "occurred_at", "schema_version", "synthetic"]
    columns: list[Any] = [
        event_ids(tag, batch.kind.topic, batch.source.tolist(), batch.number.tolist()),
        [batch.kind.name] * len(batch),
        batch.at.tolist(),
        [batch.kind.version] * len(batch),
        [True] * len(batch),
    ]
    for field in batch.kind.fields:
        names.append(field.name)
        columns.append(_values(field, batch, words))
    for values in zip(*columns, strict=True):
        yield {name: value for name, value in zip(names, values, strict=True) if value is not None}


def json_as_text(kind: RecordKind, record: dict[str, Any]) -> dict[str, Any]:
    """The record with fields that hold any JSON as its text, for languages that have no type for that."""
    loose = {field.name for field in kind.fields if field.type == "json" and field.holds == "any"}
    texts = {name: orjson.dumps(record[name]).decode() for name in loose & record.keys()}
    return {**record, **texts}


def _values(field: Field, batch: EventBatch, words: Vocabularies) -> list[Any]:
    column = batch.columns[field.name]
    values: list[Any] = _written(field, batch, np.ma.getdata(column), words)
    if isinstance(column, np.ma.MaskedArray):
        gone = np.ma.getmaskarray(column).tolist()
        return [None if is_gone else value for is_gone, value in zip(gone, values, strict=True)]
    return values


def _written(field: Field, batch: EventBatch, column: NDArray[Any], words: Vocabularies) -> list[Any]:
    values: list[Any] = column.tolist()
    if field.type == "label":
        return [words[field.vocabulary][code] for code in values]
    if field.type == "user":
        return [f"u{number:08d}" for number in values]
    if field.type == "item":
        return [f"t{number:07d}" for number in values]
    if field.type == "share":
        scaled: list[float] = (np.rint(column * np.float32(1_000_000)) / np.float64(1_000_000)).tolist()
        return scaled
    if field.type in ("session", "slate"):
        parts = ["user_id"] if field.type == "session" else ["user_id", "session_id"]
        return _nested(field, values, [np.ma.getdata(batch.columns[name]).tolist() for name in parts])
    return values


def _nested(field: Field, own: list[int], outer: list[list[int]]) -> list[str]:
    if field.type == "session":
        return [f"s{user:08d}-{number:05d}" for user, number in zip(outer[0], own, strict=True)]
    return [
        f"s{user:08d}-{session:05d}-{number:03d}"
        for user, session, number in zip(outer[0], outer[1], own, strict=True)
    ]
