"""Decimal digits in columns: numbers to fixed-width text by lookup tables, four digits at a time."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLANK", "ZERO", "check", "groups", "parts", "target", "write"]

ZERO, BLANK = "0", " "
_GROUP = 4
# One machine word for each width, where there is one: copying words is faster than copying text.
_WORDS = {1: "u1", 2: "<u2", 3: "V3", 4: "<u4"}


@cache
def _table(digits: int, fill: str, zero: str) -> NDArray[Any]:
    numbers = [str(n).rjust(digits, fill) for n in range(10**digits)]
    numbers[0] = zero * digits if zero == BLANK else numbers[0]
    return np.array([number.encode() for number in numbers], dtype=f"S{digits}").view(_WORDS[digits])


@cache
def parts(digits: int) -> tuple[tuple[int, int], ...]:
    """Offset and width of each group of a number of so many digits, the leftmost first.

    >>> parts(9)
    ((0, 1), (1, 4), (5, 4))
    """
    first = digits % _GROUP
    edges = ([0] if first else []) + list(range(first, digits, _GROUP))
    return tuple((start, end - start) for start, end in zip(edges, [*edges[1:], digits], strict=True))


def target(rows: NDArray[np.uint8], offset: int, width: int) -> NDArray[Any]:
    """The column of a group in rows of bytes, to be written to."""
    return rows[:, offset : offset + width].view(_WORDS[width])[:, 0]


def check(values: NDArray[Any], digits: int) -> None:
    """OverflowError if a number is negative or has more digits."""
    if len(values) and not (values.min() >= 0 and values.max() < 10**digits):
        wrong = int(values.min() if values.min() < 0 else values.max())
        raise OverflowError(f"{wrong} is not a number of at most {digits} digits")


def groups(values: NDArray[Any], digits: int, fill: str) -> list[NDArray[Any]]:
    """The text of non-negative numbers, one column a group, padded on the left with zeros or blanks.

    :func:`check` says whether they fit.
    """
    short = digits < 10 or not len(values) or values.max() < 2**32
    rest: NDArray[Any] = values.astype(np.uint32 if short else np.uint64, copy=False)
    ten_thousand = rest.dtype.type(10**_GROUP)
    found: list[NDArray[Any]] = []
    for _ in parts(digits)[1:]:
        quotient = rest // ten_thousand
        found.append(rest - quotient * ten_thousand)
        rest = quotient
    found.append(rest)
    widths = [width for _, width in parts(digits)]
    if fill == ZERO:
        return [
            _table(width, ZERO, ZERO).take(group)
            for width, group in zip(widths, reversed(found), strict=True)
        ]
    return _blank_padded(found[::-1], widths)


def _blank_padded(found: list[NDArray[Any]], widths: list[int]) -> list[NDArray[Any]]:
    texts: list[NDArray[Any]] = []
    leading: Any = True
    for place, (group, width) in enumerate(zip(found, widths, strict=True)):
        last = place == len(found) - 1
        padded = _table(width, BLANK, ZERO if last else BLANK).take(group)
        texts.append(
            padded if leading is True else np.where(leading, padded, _table(width, ZERO, ZERO).take(group))
        )
        leading = (group == 0) if leading is True else leading & (group == 0)
    return texts


def write(targets: list[NDArray[Any]], values: NDArray[Any], digits: int, fill: str) -> None:
    """Write numbers into one target column a group: see :func:`groups`."""
    for place, text in zip(targets, groups(values, digits, fill), strict=True):
        place[...] = text
