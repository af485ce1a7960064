"""Log files: Parquet or CSV in, a log out, and errors that name file, column and row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.calibration.log.log import Log
from sim.durations import SECOND
from sim.names import near_miss
from streams.exits import UsageError

__all__ = ["LogColumns", "read_log"]

_FEWEST_USERS = 40
# Numbers below this are seconds since 1970 (until the year 5138), those above are milliseconds.
_SECONDS_UNTIL = 1e11
_MEASURES = {"rating": "rating", "watch": "watch_s", "length": "length_s"}


@dataclass(frozen=True)
class LogColumns:
    """Names of a log's columns; those with None are not read. ``keep`` names the events that are interactions."""

    user: str = "user"
    item: str | None = "item"
    time: str = "time"
    rating: str | None = None
    watch: str | None = None
    length: str | None = None
    event: str | None = None
    keep: tuple[str, ...] = ()

    @property
    def measures(self) -> Mapping[str, str]:
        """Columns of numbers by what the log calls them."""
        return {inside: name for of, inside in _MEASURES.items() if (name := getattr(self, of)) is not None}


@dataclass
class _Reading:
    file: Path
    frame: pl.DataFrame = field(init=False)

    def __post_init__(self) -> None:
        try:
            if self.file.suffix == ".parquet":
                self.frame = pl.read_parquet(self.file)
            elif self.file.suffix in (".csv", ".tsv", ".txt"):
                separator = "\t" if self.file.suffix == ".tsv" else ","
                self.frame = pl.read_csv(self.file, separator=separator, infer_schema_length=10_000)
            else:
                raise UsageError(f"{self.file}: a log is a .parquet, .csv or .tsv file")
        except (OSError, pl.exceptions.PolarsError) as error:
            reason = str(error).splitlines()[0]
            raise UsageError(f"{self.file}: cannot be read as {self.file.suffix[1:]}: {reason}") from error

    def column(self, name: str, what: str) -> pl.Series:
        if name not in self.frame.columns:
            meant = near_miss(name, self.frame.columns)
            hint = f" Did you mean {meant!r}?" if meant else ""
            raise UsageError(
                f"{self.file}: no column {name!r} for {what}; there are: {', '.join(self.frame.columns)}."
                f"{hint} Name it with --{what} COLUMN"
            )
        found = self.frame[name]
        if found.null_count():
            raise self.wrong(name, found.is_null(), "is empty")
        return found

    def wrong(self, name: str, where: pl.Series, rule: str) -> UsageError:
        row = int(where.arg_max() or 0)
        # Files are counted from 1, and a CSV's first line is its header.
        line = row + (1 if self.file.suffix == ".parquet" else 2)
        value = self.frame[name][row]
        said = "" if value is None else f" = {value!r}"
        return UsageError(
            f"{self.file}: row {line}, column {name!r}{said}: {rule}; mend the row or leave it out"
        )

    def numbers(self, name: str, what: str) -> NDArray[np.float64]:
        column = self.column(name, what)
        cast = column.cast(pl.Float64, strict=False)
        bad = cast.is_null() | ~cast.is_finite()
        if bad.any():
            raise self.wrong(name, bad, "is not a number")
        return cast.to_numpy()

    def times(self, name: str) -> NDArray[np.int64]:
        column = self.column(name, "time")
        if column.dtype == pl.String:
            parsed = column.str.to_datetime(strict=False, time_zone="UTC")
            numeric = column.cast(pl.Float64, strict=False)
            if not numeric.null_count():
                return _epoch_ms(numeric.to_numpy())
            if parsed.null_count():
                bad = parsed.is_null() & numeric.is_null()
                rule = "is neither a date and time (ISO 8601) nor epoch seconds"
                raise self.wrong(name, bad if bad.any() else parsed.is_null(), rule)
            column = parsed
        if column.dtype.is_temporal():
            return column.cast(pl.Datetime("ms")).cast(pl.Int64).to_numpy()
        return _epoch_ms(self.numbers(name, "time"))


def _epoch_ms(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    scale = SECOND if np.abs(numbers).max(initial=0) < _SECONDS_UNTIL else 1
    return np.rint(numbers * scale).astype(np.int64)


def read_log(file: Path, columns: LogColumns) -> Log:
    """The interactions of a file; UsageError says what is wrong with which column and row."""
    reading = _Reading(file)
    if columns.event:
        kept = reading.column(columns.event, "event").cast(pl.String).is_in(list(columns.keep))
        if columns.keep and not kept.any():
            known = ", ".join(sorted(map(str, reading.frame[columns.event].unique())))
            raise UsageError(f"{file}: no event is {' or '.join(columns.keep)}; there are: {known}")
        reading.frame = reading.frame.filter(kept) if columns.keep else reading.frame
    at = reading.times(columns.time)
    user = reading.column(columns.user, "user").cast(pl.String).to_numpy()
    item = (
        np.zeros(len(user), dtype=np.int64)
        if columns.item is None
        else reading.column(columns.item, "item").cast(pl.String).to_numpy()
    )
    extra = {inside: reading.numbers(name, inside.split("_")[0]) for inside, name in columns.measures.items()}
    log = Log.of(user, item, at, extra)
    if log.users < _FEWEST_USERS:
        raise UsageError(f"{file}: {log.users} users; a fit and its check need at least {_FEWEST_USERS}")
    return log
