"""Parquet: a data set of column files, a folder for each topic and kind."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import orjson
import polars as pl
from pydantic import Field as Option

from sim.batch import EventBatch, Tick
from sim.durations import Duration
from sim.events import KINDS, Field, RecordKind
from sim.numbering import event_ids
from streams.publish.sinks.plan import RunFacts, SinkPlan
from streams.publish.sinks.rolling import FileNames, Rolling
from streams.publish.sinks.shelf import Shelf

__all__ = ["Parquet", "ParquetPlan"]

_ROWS_A_FILE = 1_000_000


class ParquetPlan(SinkPlan):
    """Parquet in a folder or an object store: files of columns, a folder for each topic and kind."""

    kind: Literal["parquet"] = "parquet"
    place: ClassVar[str] = "dir"
    dir: str
    """A folder, or a URL that fsspec knows, such as s3://bucket/path."""
    every: Duration = Option(0, ge=0)
    """Simulated time after which a file is complete and another begins, such as 1h; 0 for never."""
    rows: int = Option(_ROWS_A_FILE, ge=1)
    """Rows after which a file is complete and another begins."""

    def open(self, facts: RunFacts) -> "Parquet":
        """The folder, without what an earlier run of this shard left."""
        rolling = Rolling(self.every, self.rows)
        return Parquet(
            Shelf(self.dir), facts.codec.tag, facts.vocabularies, facts.shard, rolling, facts.rewritten_since
        )


@dataclass
class _Gathering:
    """Rows of one kind that wait to be written, and when their first tick began."""

    begun: int
    frames: list[pl.DataFrame] = dataclasses.field(default_factory=list)
    rows: int = 0


class Parquet:
    """Writes ``DIR/<topic>/<kind>/part-….parquet``, anew on every run.

    Values that are JSON on the wire stay JSON in their column. A file appears when it is complete.
    """

    def __init__(
        self,
        shelf: Shelf,
        tag: str,
        vocabularies: Mapping[str, tuple[str, ...]],
        shard: tuple[int, int] = (0, 1),
        rolling: Rolling = Rolling(0, _ROWS_A_FILE),  # noqa: B008  frozen
        since: int | None = None,
    ) -> None:
        """What an earlier run has written ``since`` then (epoch ms) is removed; all of it by default."""
        self._shelf, self._tag, self._vocabularies, self._rolling = shelf, tag, vocabularies, rolling
        self._names = FileNames(shard, ".parquet")
        self._gathered: dict[RecordKind, _Gathering] = {}
        self.bytes = 0
        shelf.forget_drafts(self._names.ending)
        for kind in KINDS:
            self._names.clear(shelf, _folder(kind), since=since)

    def take(self, tick: Tick) -> None:
        """Keep the events of one tick, and write the kinds whose file is due."""
        for batch in tick.batches:
            gathering = self._gathered.setdefault(batch.kind, _Gathering(tick.at))
            gathering.frames.append(self._frame(batch.sent().as_told()))
            gathering.rows += len(gathering.frames[-1])
        for kind, gathering in list(self._gathered.items()):
            if self._rolling.due(begun=gathering.begun, now=tick.end, size=gathering.rows):
                self._write(kind)

    def complete(self) -> None:
        """Write what is left."""
        for kind in list(self._gathered):
            self._write(kind)

    def finish(self) -> None:
        """Write what is left, and leave nothing but whole files."""
        self.complete()
        self._shelf.close()

    def _write(self, kind: RecordKind) -> None:
        gathering = self._gathered.pop(kind)
        name = f"{_folder(kind)}/{self._names.at(gathering.begun, version=kind.version)}"
        draft = self._shelf.draft(name)
        pl.concat(gathering.frames).sort("occurred_at", maintain_order=True).write_parquet(draft)
        self.bytes += self._shelf.put(draft, name)

    def figures(self) -> dict[str, int]:
        """Bytes in files that are complete."""
        return {"bytes": self.bytes}

    def _frame(self, batch: EventBatch) -> pl.DataFrame:
        columns: dict[str, Any] = {
            "event_id": event_ids(self._tag, batch.kind.topic, batch.source.tolist(), batch.number.tolist()),
            "occurred_at": pl.Series(batch.at).cast(pl.Datetime("ms", "UTC")),
        }
        for field in batch.kind.fields:
            columns |= self._column(field, batch)
        return pl.DataFrame(columns).with_columns(
            schema_version=pl.lit(batch.kind.version), synthetic=pl.lit(True)
        )

    def _column(self, field: Field, batch: EventBatch) -> dict[str, Any]:
        values = batch.columns[field.name]
        if field.type == "label":
            return {field.name: pl.Series(self._vocabularies[field.vocabulary]).gather(values)}
        if field.type == "json":
            texts = [None if value is None else orjson.dumps(value).decode() for value in values]
            return {field.name: _texts(texts)}
        if field.type == "text":
            return {field.name: _texts(list(values))}
        number = pl.Series(values)
        if field.type in ("user", "item"):
            letter, width = ("u", 8) if field.type == "user" else ("t", 7)
            return {field.name: letter + number.cast(pl.String).str.zfill(width)}
        if field.type in ("session", "slate"):
            return {field.name: _walk(batch, field)}
        return {field.name: number}


def _texts(values: list[str | None]) -> pl.Series:
    # A batch in which nobody has a value is of the same type as the others.
    return pl.Series(values, dtype=pl.String)


def _folder(kind: RecordKind) -> str:
    return f"{kind.topic}/{kind.name}"


def _walk(batch: EventBatch, field: Field) -> pl.Series:
    own = (field.name, 5) if field.type == "session" else (field.name, 3)
    parts = [("user_id", 8), own] if field.type == "session" else [("user_id", 8), ("session_id", 5), own]
    texts = [pl.Series(batch.columns[name]).cast(pl.String).str.zfill(width) for name, width in parts]
    joined = "s" + texts[0]
    for text in texts[1:]:
        joined = joined + "-" + text
    return joined
