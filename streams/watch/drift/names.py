"""Names as numbers: the words of a feature in the order in which they were first seen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.watch.drift.sample import CategoricalSample

__all__ = ["Names"]

_MOST = 10_000
_OTHER = "(other)"


class Names:
    """A number for each name; names beyond the ten thousandth are all one.

    >>> names = Names()
    >>> names.numbered(["tv", None, "phone", "tv"]).tolist()
    [1.0, nan, 0.0, 1.0]
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def numbered(self, values: Any) -> NDArray[np.float64]:
        """The number of each name; NaN where there is none."""
        column = np.asarray(values, dtype=object)
        present = np.array([value is not None for value in column.tolist()], dtype=np.bool_)
        found = np.full(len(column), np.nan)
        if present.any():
            words, where = np.unique(column[present].astype(str), return_inverse=True)
            found[present] = np.array([self._number(word) for word in words.tolist()], dtype=np.float64)[
                where
            ]
        return found

    def _number(self, word: str) -> int:
        if word not in self._numbers and len(self._numbers) >= _MOST:
            word = _OTHER
        return self._numbers.setdefault(word, len(self._numbers))

    def sample(self, numbers: NDArray[np.float64]) -> CategoricalSample:
        """A sample of the names that numbers stand for."""
        found, counts = np.unique(numbers, return_counts=True)
        names = list(self._numbers)
        return CategoricalSample(
            {names[int(number)]: count for number, count in zip(found, counts.tolist(), strict=True)}
        )
