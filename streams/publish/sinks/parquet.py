"""Parquet: a data set of column files, a folder for each topic and kind."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from sim.batch import EventBatch, Tick
from sim.events import KINDS, Field, RecordKind
from sim.numbering import event_ids

__all__ = ["Parquet"]

_ROWS_A_FILE = 1_000_000


class Parquet:
    """Writes ``DIR/<topic>/<kind>/part-NNNNN.parquet``, anew on every run.

    Values that are JSON on the wire stay JSON in their column.
    """

    def __init__(self, folder: Path, tag: str, vocabularies: Mapping[str, tuple[str, ...]]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for kind in KINDS:
            for earlier in (folder / kind.topic / kind.name).glob("part-*.parquet"):
                earlier.unlink()
        self._folder, self._tag, self._vocabularies = folder, tag, vocabularies
        self._waiting: dict[RecordKind, list[pl.DataFrame]] = {}
        self._files: dict[RecordKind, int] = {}

    def take(self, tick: Tick) -> None:
        """Keep the events of one tick, and write the kinds that have gathered enough."""
        for batch in tick.batches:
            frames = self._waiting.setdefault(batch.kind, [])
            frames.append(self._frame(batch))
            if sum(map(len, frames)) >= _ROWS_A_FILE:
                self._write(batch.kind)

    def finish(self) -> None:
        """Write what is left."""
        for kind in list(self._waiting):
            self._write(kind)

    def _write(self, kind: RecordKind) -> None:
        frames = self._waiting.pop(kind)
        folder = self._folder / kind.topic / kind.name
        folder.mkdir(parents=True, exist_ok=True)
        number = self._files[kind] = self._files.get(kind, -1) + 1
        pl.concat(frames).sort("occurred_at", maintain_order=True).write_parquet(
            folder / f"part-{number:05d}.parquet"
        )

    def _frame(self, batch: EventBatch) -> pl.DataFrame:
        columns: dict[str, Any] = {
            "event_id": event_ids(self._tag, batch.kind.topic, batch.source.tolist(), batch.number.tolist()),
            "occurred_at": pl.Series(batch.at).cast(pl.Datetime("ms", "UTC")),
        }
        for field in batch.kind.fields:
            columns |= self._column(field, batch)
        return pl.DataFrame(columns).with_columns(schema_version=pl.lit(1), synthetic=pl.lit(True))

    def _column(self, field: Field, batch: EventBatch) -> dict[str, Any]:
        values = batch.columns[field.name]
        if field.type == "label":
            return {field.name: pl.Series(self._vocabularies[field.vocabulary]).gather(values)}
        if field.type == "json":
            texts = [None if value is None else orjson.dumps(value).decode() for value in values]
            # A batch in which nobody has a value is of the same type as the others.
            return {field.name: pl.Series(texts, dtype=pl.String)}
        if field.type == "text":
            return {field.name: list(values)}
        number = pl.Series(values)
        if field.type in ("user", "item"):
            letter, width = ("u", 8) if field.type == "user" else ("t", 7)
            return {field.name: letter + number.cast(pl.String).str.zfill(width)}
        if field.type in ("session", "slate"):
            return {field.name: _walk(batch, field)}
        return {field.name: number}


def _walk(batch: EventBatch, field: Field) -> pl.Series:
    own = (field.name, 5) if field.type == "session" else (field.name, 3)
    parts = [("user_id", 8), own] if field.type == "session" else [("user_id", 8), ("session_id", 5), own]
    texts = [pl.Series(batch.columns[name]).cast(pl.String).str.zfill(width) for name, width in parts]
    joined = "s" + texts[0]
    for text in texts[1:]:
        joined = joined + "-" + text
    return joined
