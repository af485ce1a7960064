"""The code of a marker: 16 bits in 32, so that several may be read wrong.

The Reed-Muller code RM(2, 5) (Muller 1954, Reed 1954): 65,536 words of 32 signs, any two of which differ in at least
8. It is read by correlation with all of them at once, which uses how sure each sign is.
"""

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

__all__ = ["CODES", "LENGTH", "decoded", "signs"]

CODES = 65_536
LENGTH = 32
_VARIABLES = 5
_WHITENING = 0x9B3E_5C16
"""Flips signs, so that no code is all of one sign, nor a word the same when read backwards."""

Signs = NDArray[np.float32]


def signs(code: int) -> Signs:
    """The 32 signs, -1 or 1, of a code.

    >>> int((signs(7) != signs(8)).sum()) >= 8
    True
    """
    if not 0 <= code < CODES:
        raise ValueError(f"marker {code} is not a number from 0 to {CODES - 1}; choose one of these")
    row: Signs = _codebook()[code]
    return row


def decoded(
    read: NDArray[np.floating],
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """The likeliest code of each row of soft signs (n, 32), how well it fits, and by how much better than the next.

    A code fits by 1 if every sign agrees, by 0 if as much speaks against it as for it.
    """
    soft = np.asarray(read, np.float32).reshape(-1, LENGTH)
    fits = soft @ _codebook().T
    rows = np.arange(len(soft))
    codes = fits.argmax(axis=1)
    best = fits[rows, codes]
    fits[rows, codes] = -np.inf
    weight = np.maximum(np.abs(soft).sum(axis=1), np.float32(1e-9))
    return codes, best / weight, (best - fits.max(axis=1)) / weight


@cache
def _codebook() -> Signs:
    bits = (np.arange(CODES)[:, None] >> np.arange(16)) & 1
    words = bits.astype(np.float32) @ _generator().astype(np.float32) % 2
    whitening = (_WHITENING >> np.arange(LENGTH)) & 1
    book: Signs = 1 - 2 * ((words + whitening) % 2).astype(np.float32)
    book.flags.writeable = False
    return book


def _generator() -> NDArray[np.int64]:
    """All products of at most two of the five variables, at each of the 32 points."""
    variables = (np.arange(LENGTH) >> np.arange(_VARIABLES)[:, None]) & 1
    rows = [np.ones(LENGTH, np.int64), *variables]
    rows += [variables[a] * variables[b] for a, b in combinations(range(_VARIABLES), 2)]
    return np.array(rows)
