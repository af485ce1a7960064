"""Octets: the first bytes of many records as one array, a row each."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["first_bytes"]


def first_bytes(values: Sequence[bytes | None], width: int) -> NDArray[np.uint8]:
    """The first bytes of each value (values × width), zeros after its end.

    >>> first_bytes([b"abc", b"d"], 2).tolist()
    [[97, 98], [100, 0]]
    """
    return np.array(values, dtype=f"S{width}").view(np.uint8).reshape(len(values), width)
