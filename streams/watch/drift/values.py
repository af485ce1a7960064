"""Values of features: the watched fields of JSON records, as columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray
from polars.exceptions import PolarsError

__all__ = ["Column", "field_columns"]

Column = tuple[NDArray[np.bool_], NDArray[Any]]
"""Whether each record has the field, and its value; a number is one if its square is, too."""

_NUMERIC = "numeric"
_LARGEST = 1e100


def field_columns(lines: Sequence[bytes], fields: Mapping[str, str]) -> tuple[dict[str, Column], int]:
    """The fields (name to "numeric" or "categorical") of records, and how many are not JSON objects.

    >>> lines = [b'{"rank": 3, "more": []}', b"?", b'{"rank": null}']
    >>> columns, malformed = field_columns(lines, {"rank": "numeric"})
    >>> columns["rank"][0].tolist(), float(columns["rank"][1][0]), malformed
    ([True, False, False], 3.0, 1)
    """
    frame = _parsed(lines, fields)
    malformed = 0
    if frame is None:
        records = [_record(line) for line in lines]
        malformed = sum(record is None for record in records)
        rows = [
            {name: _value((record or {}).get(name), kind) for name, kind in fields.items()}
            for record in records
        ]
        frame = pl.DataFrame(rows, schema=_schema(fields))
    return {name: _column(frame[name], kind) for name, kind in fields.items()}, malformed


def _schema(fields: Mapping[str, str]) -> dict[str, Any]:
    return {name: pl.Float64 if kind == _NUMERIC else pl.String for name, kind in fields.items()}


def _parsed(lines: Sequence[bytes], fields: Mapping[str, str]) -> pl.DataFrame | None:
    """All records in one go; None if one of them is not what it should be."""
    try:
        frame = pl.read_ndjson(b"\n".join(lines), schema=_schema(fields))
    except (PolarsError, pl.exceptions.ComputeError):
        return None
    return frame if len(frame) == len(lines) else None


def _record(line: bytes) -> dict[str, Any] | None:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) else None


def _value(value: Any, kind: str) -> float | str | None:
    if value is None or isinstance(value, (dict, list)):
        return None
    if kind != _NUMERIC:
        return value if isinstance(value, str) else orjson.dumps(value).decode()
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _column(series: pl.Series, kind: str) -> Column:
    if kind == _NUMERIC:
        numbers = series.fill_null(np.nan).to_numpy()
        return np.abs(numbers) < _LARGEST, numbers
    return series.is_not_null().to_numpy(), series.to_numpy()
