"""Decimal digits in columns: numbers to fixed-width text by lookup tables, four digits at a time."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLANK", "ZERO", "check", "parts", "write"]

ZERO, BLANK = "0", " "
_GROUP = 4


@cache
def _table(digits: int, fill: str, zero: str) -> NDArray[Any]:
    numbers = [str(n).rjust(digits, fill) for n in range(10**digits)]
    numbers[0] = zero * digits if zero == BLANK else numbers[0]
    return np.array([number.encode() for number in numbers], dtype=f"S{digits}").view(f"V{digits}")


def parts(digits: int) -> list[tuple[int, int]]:
    """Offset and width of each group of a number of so many digits, the leftmost first.

    >>> parts(9)
    [(0, 1), (1, 4), (5, 4)]
    """
    first = digits % _GROUP
    edges = ([0] if first else []) + list(range(first, digits, _GROUP))
    return [(start, end - start) for start, end in zip(edges, [*edges[1:], digits], strict=True)]


def check(values: NDArray[Any], digits: int) -> None:
    """OverflowError if a number is negative or has more digits."""
    if len(values) and not (0 <= values.min() and values.max() < 10**digits):
        wrong = int(values.min() if values.min() < 0 else values.max())
        raise OverflowError(f"{wrong} is not a number of at most {digits} digits")


def write(targets: list[NDArray[Any]], values: NDArray[Any], digits: int, fill: str) -> None:
    """Write non-negative numbers into one target column a group, padded on the left with zeros or blanks.

    :func:`check` says whether they fit.
    """
    rest = values.astype(np.uint32 if digits < 10 else np.uint64, copy=False)
    groups: list[NDArray[Any]] = []
    for _ in targets[1:]:
        quotient = rest // rest.dtype.type(10**_GROUP)
        groups.append(rest - quotient * rest.dtype.type(10**_GROUP))
        rest = quotient
    groups.append(rest)
    widths = [width for _, width in parts(digits)]
    if fill == ZERO:
        for target, group, width in zip(targets, reversed(groups), widths, strict=True):
            target[...] = _table(width, ZERO, ZERO)[group]
        return
    _write_blank(targets, groups[::-1], widths)


def _write_blank(targets: list[NDArray[Any]], groups: list[NDArray[Any]], widths: list[int]) -> None:
    leading: Any = True
    for place, (target, group, width) in enumerate(zip(targets, groups, widths, strict=True)):
        last = place == len(groups) - 1
        padded = _table(width, BLANK, ZERO if last else BLANK)[group]
        target[...] = padded if leading is True else np.where(leading, padded, _table(width, ZERO, ZERO)[group])
        leading = (group == 0) if leading is True else leading & (group == 0)
