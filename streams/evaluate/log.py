"""The log of a run, as its Parquet or JSON lines hold it: impressions, picks, plays and who lives where."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from streams.exits import UsageError

__all__ = ["Log"]

_COLUMNS: Mapping[str, Any] = {
    "user_id": pl.String,
    "session_id": pl.String,
    "slate_id": pl.String,
    "item_id": pl.String,
    "rank": pl.Int64,
    "propensity": pl.Float64,
    "policy": pl.String,
    "watched_ms": pl.Int64,
    "region": pl.String,
    "origin": pl.String,
    "consent": pl.String,
}
_ENDINGS = ("skip", "abandon", "complete")


@dataclass(frozen=True)
class Log:
    """Tables of a log, ids as numbers, ``at`` in epoch milliseconds, in order of time.

    ``shown`` has user, session, slate, item, rank, propensity, policy and at; ``picked`` slate, rank and what was
    watched of it (ms); ``opened`` what viewers opened, by picking or otherwise: user, item and at; ``homes`` user and
    region; ``consents`` user, consent and since when.
    """

    shown: pl.DataFrame
    picked: pl.DataFrame
    opened: pl.DataFrame
    homes: pl.DataFrame
    consents: pl.DataFrame

    @classmethod
    def read(cls, folder: Path) -> "Log":
        """The log of ``greenroom run --sink parquet:DIR`` or ``jsonl:DIR``; UsageError if it holds no slates."""
        columns = any(folder.glob("journeys/*/part-*.parquet"))
        source = _Parquet(folder) if columns else _JsonLines(folder)
        shown = source.table(
            "journeys", "impression",
            "user_id", "session_id", "slate_id", "item_id", "rank", "propensity", "policy",
        )  # fmt: skip
        if shown.is_empty():
            raise UsageError(
                f"{folder}: no impressions; give the folder that a run wrote as Parquet or JSON lines"
            )
        homes = [
            source.table(topic, kind, "user_id", "region")
            for topic, kind in (("audience", "registered"), ("journeys", "session_start"))
        ]
        consents = [
            source.table("audience", kind, "user_id", "consent") for kind in ("registered", "consent_changed")
        ]
        picked = source.table("journeys", "select", "user_id", "session_id", "slate_id", "item_id", "rank")
        endings = [source.table("journeys", kind, "session_id", "item_id", "watched_ms") for kind in _ENDINGS]
        # The first end of the item in the session after it was picked; a play cut off by the log's end is not known.
        watched = picked.join_asof(
            pl.concat(endings).sort("at"),
            on="at",
            by=["session_id", "item_id"],
            strategy="forward",
            check_sortedness=False,
        )
        # A pick whose play never started was opened all the same; one from before the log is in nobody's memory.
        chosen = picked.join(shown.select("slate_id").unique(), on="slate_id", how="semi")
        played = source.table("journeys", "play", "user_id", "item_id", "origin")
        elsewhere = played.filter(pl.col("origin") != "slate")
        return cls(
            shown,
            watched.select("slate_id", "rank", pl.col("watched_ms").fill_null(0)),
            pl.concat([table.select("at", "user_id", "item_id") for table in (chosen, elsewhere)]),
            pl.concat(homes).unique("user_id", keep="first").select("user_id", "region"),
            pl.concat(consents).sort("at", maintain_order=True),
        )


@dataclass(frozen=True)
class _Parquet:
    folder: Path

    def table(self, topic: str, kind: str, *fields: str) -> pl.DataFrame:
        files = sorted((self.folder / topic / kind).glob("part-*.parquet"))
        if not files:
            return _tidy(pl.DataFrame(schema={"at": pl.Int64, **{name: _COLUMNS[name] for name in fields}}))
        at = pl.col("occurred_at").dt.epoch("ms").alias("at")
        read = pl.scan_parquet(files).select(at, *(pl.col(name).cast(_COLUMNS[name]) for name in fields))
        return _tidy(read.collect())


@dataclass(frozen=True)
class _JsonLines:
    folder: Path

    def table(self, topic: str, kind: str, *fields: str) -> pl.DataFrame:
        file = self.folder / f"{topic}.jsonl"
        # Of one run; of the shards of one; of a run whose files roll.
        files = [*self.folder.glob(f"{topic}.jsonl"), *self.folder.glob(f"{topic}-*of*.jsonl")]
        files += sorted((self.folder / topic).glob("part-*.jsonl"))
        if not files:
            raise UsageError(
                f"{file}: no such file; give the folder that a run wrote as Parquet or JSON lines"
            )
        columns = {name: _COLUMNS[name] for name in fields}
        read = pl.scan_ndjson(files, schema={"kind": pl.String, "occurred_at": pl.Int64, **columns})
        of_kind = read.filter(pl.col("kind") == kind).select(pl.col("occurred_at").alias("at"), *fields)
        return _tidy(of_kind.collect())


def _tidy(table: pl.DataFrame) -> pl.DataFrame:
    # u00000017 and t0000004 are what numbers look like on the wire.
    ids = [name for name in ("user_id", "item_id") if name in table.columns]
    return table.with_columns(pl.col(name).str.slice(1).cast(pl.Int64) for name in ids).sort(
        "at", maintain_order=True
    )
