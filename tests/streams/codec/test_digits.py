"""Digits in columns, against Python's own formatting."""

import numpy as np
import pytest

from streams.codec import digits


def written(values: np.ndarray, count: int, fill: str) -> list[bytes]:
    rows = np.zeros((len(values), count), dtype=np.uint8)
    targets = [rows[:, start : start + width].view(f"V{width}")[:, 0] for start, width in digits.parts(count)]
    digits.write(targets, values, count, fill)
    return [bytes(row) for row in rows]


@pytest.mark.parametrize("fill", [digits.ZERO, digits.BLANK])
@pytest.mark.parametrize("count", range(1, 15))
def test_numbers_are_written_as_python_writes_them(count: int, fill: str) -> None:
    rng = np.random.default_rng(count)
    edges = [value for k in range(count + 1) for value in (10**k - 1, 10**k, 10**k + 1) if value < 10**count]
    values = np.concatenate([[0], edges, rng.integers(0, 10**count, 500)]).astype(np.int64)
    digits.check(values, count)
    assert written(values, count, fill) == [
        str(value).rjust(count, fill).encode() for value in values.tolist()
    ]


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int32, np.uint32, np.int64])
def test_every_sort_of_column_is_written(dtype: type) -> None:
    assert written(np.array([0, 7, 99], dtype=dtype), 4, digits.ZERO) == [b"0000", b"0007", b"0099"]


@pytest.mark.parametrize(("value", "count"), [(-1, 4), (10_000, 4), (10, 1), (2**32 + 5, 9), (-(2**40), 12)])
def test_a_number_that_does_not_fit_is_refused_before_anything_is_written(value: int, count: int) -> None:
    with pytest.raises(OverflowError, match=f"{value} is not a number of at most {count} digits"):
        digits.check(np.array([1, value, 2]), count)


@pytest.mark.parametrize("count", range(1, 20))
def test_parts_cover_all_digits(count: int) -> None:
    parts = digits.parts(count)
    assert [place for start, width in parts for place in range(start, start + width)] == list(range(count))
    assert all(1 <= width <= 4 for _, width in parts)
