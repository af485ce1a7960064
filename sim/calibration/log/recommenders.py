"""Recommenders for offline comparison: scores of items for users from what they met before."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import svds

from sim.calibration.log.log import Log
from sim.seeds import rng_for

__all__ = ["RECOMMENDERS", "History", "Scorer"]

Scores = NDArray[np.float64]
_FACTORS = 16
_RECENT = 0.1


class History:
    """What a recommender learns from: users × items, how often each item was met, and how lately."""

    def __init__(self, log: Log, rows: NDArray[np.int64]) -> None:
        """``rows`` are the rows of the log that are known; all others are to be found."""
        pairs = np.unique(np.column_stack([log.user[rows], log.item[rows]]), axis=0)
        shape = (log.users, log.items)
        self.met = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=shape)
        self.popularity = np.bincount(log.item[rows], minlength=log.items).astype(np.float64)
        # The last tenth of the rows by time: what is in fashion when the known history ends.
        late = np.sort(log.at[rows])[int((1 - _RECENT) * (len(rows) - 1))]
        self.lately = np.bincount(log.item[rows][log.at[rows] >= late], minlength=log.items).astype(
            np.float64
        )


Scorer = Callable[[History, NDArray[np.int64]], Scores]


def _random(history: History, users: NDArray[np.int64]) -> Scores:
    return rng_for(0, "random recommender").random((len(users), history.met.shape[1]))


def _popular(history: History, users: NDArray[np.int64]) -> Scores:
    return np.tile(history.popularity, (len(users), 1))


def _recent(history: History, users: NDArray[np.int64]) -> Scores:
    return np.tile(history.lately + 1e-3 * history.popularity, (len(users), 1))


def _cosine(rows: csr_array) -> csr_array:
    length = np.sqrt(np.asarray(rows.sum(axis=1)).ravel())
    return csr_array(diags_array(1 / np.maximum(length, 1e-9)) @ rows)


def _item_knn(history: History, users: NDArray[np.int64]) -> Scores:
    """Sum of cosines to what the user met (Sarwar et al. 2001)."""
    scaled = _cosine(history.met.T.tocsr())
    return np.asarray((history.met[users] @ scaled @ scaled.T).toarray())


def _user_knn(history: History, users: NDArray[np.int64], neighbours: int = 50) -> Scores:
    """What the 50 users met whose histories are most alike (Herlocker et al. 1999)."""
    scaled = _cosine(history.met)
    alike = np.asarray((scaled[users] @ scaled.T).toarray())
    alike[np.arange(len(users)), users] = 0
    if alike.shape[1] > neighbours:
        least = np.partition(alike, -neighbours, axis=1)[:, -neighbours][:, None]
        alike[alike < least] = 0
    return np.asarray(csr_array(alike) @ history.met.toarray())


def _factors(history: History, users: NDArray[np.int64]) -> Scores:
    """Pure SVD: matrix factorisation that counts what is missing as 0 (Cremonesi, Koren and Turrin 2010)."""
    count = min(_FACTORS, min(history.met.shape) - 1)
    start = np.ones(min(history.met.shape)) / min(history.met.shape) ** 0.5
    _, _, items = svds(history.met, k=count, v0=start)
    return np.asarray((history.met[users] @ items.T) @ items)


RECOMMENDERS: Mapping[str, Scorer] = {
    "random": _random,
    "recency": _recent,
    "popularity": _popular,
    "item_knn": _item_knn,
    "user_knn": _user_knn,
    "factors": _factors,
}
