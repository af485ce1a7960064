"""The spectrum of a log: how far who meets what is more than how active users and how popular items are."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import LinearOperator, svds

from sim.calibration.log.log import Log

__all__ = ["spectrum"]

_MOST_ITEMS = 1500


def spectrum(log: Log, count: int = 8) -> NDArray[np.float64]:
    """The largest singular values of the standardised residuals of users × items under independence.

    Residuals (x - e)/√e with e = activity × popularity, as in correspondence analysis (Greenacre 1984), over the most
    popular items; the values are divided by √users + √items, about what chance alone gives.

    >>> rng = np.random.default_rng(1)
    >>> log = Log.of(rng.integers(0, 200, 4000), rng.integers(0, 100, 4000), np.arange(4000))
    >>> bool(0.5 < spectrum(log, 1)[0] < 1.5)
    True
    """
    order = np.argsort(-log.popularity, kind="stable")[:_MOST_ITEMS]
    place = np.full(log.items, -1)
    place[order] = np.arange(len(order))
    rows = np.flatnonzero(place[log.item] >= 0)
    pairs = np.unique(np.column_stack([log.user[rows], place[log.item[rows]]]), axis=0)
    x = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(log.users, len(order)))
    by_user, by_item = (np.maximum(np.asarray(x.sum(axis)).ravel(), 1e-9) for axis in (1, 0))
    p, q = by_user**0.5, (by_item / by_item.sum()) ** 0.5
    scaled = diags_array(1 / p) @ x @ diags_array(1 / q)
    residual = LinearOperator(
        x.shape,
        matvec=lambda v: scaled @ v.ravel() - p * (q @ v.ravel()),
        rmatvec=lambda v: scaled.T @ v.ravel() - q * (p @ v.ravel()),
        dtype=np.float64,
    )
    k = min(count, min(x.shape) - 1)
    start = np.ones(min(x.shape)) / min(x.shape) ** 0.5
    values: NDArray[np.float64] = np.sort(svds(residual, k=k, v0=start, return_singular_vectors=False))[::-1]
    chance = log.users**0.5 + len(order) ** 0.5
    return np.asarray(values / chance)
