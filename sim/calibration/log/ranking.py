"""Ranking: how well recommenders find what users meet next, and whether two logs rank them alike."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau

from sim.calibration.log.log import Log
from sim.calibration.log.recommenders import RECOMMENDERS, History
from sim.seeds import rng_for

__all__ = ["Holdout", "agreement", "ndcg_of_recommenders"]

_SHARE, _FEWEST, _MOST_USERS, _CUT = 0.2, 5, 1500, 20


@dataclass(frozen=True)
class Holdout:
    """A log cut in two for each user: the first part is known, the last fifth is to be found."""

    log: Log
    history: History
    users: NDArray[np.int64]
    hidden: NDArray[np.int64]

    @classmethod
    def of(cls, log: Log) -> "Holdout":
        """The cut of a log; only users with at least five rows are asked, at most 1,500 of them."""
        places = log.activity[log.user]
        late = (log.place >= np.ceil((1 - _SHARE) * places)) & (places >= _FEWEST)
        asked = np.unique(log.user[late])
        if len(asked) > _MOST_USERS:
            asked = np.sort(rng_for(0, "asked users").choice(asked, _MOST_USERS, replace=False))
        known = np.flatnonzero(~late)
        hidden = np.flatnonzero(late & np.isin(log.user, asked))
        return cls(log, History(log, known), asked, hidden)

    def wanted(self) -> NDArray[np.bool_]:
        """Asked users × items: what each meets in the hidden part and has not met before."""
        wanted = np.zeros((len(self.users), self.log.items), dtype=bool)
        wanted[np.searchsorted(self.users, self.log.user[self.hidden]), self.log.item[self.hidden]] = True
        return wanted & ~self.known()

    def known(self) -> NDArray[np.bool_]:
        """Asked users × items: what each has met before."""
        return np.asarray(self.history.met[self.users].toarray() > 0)


def ndcg_of_recommenders(holdout: Holdout) -> Mapping[str, float]:
    """NDCG at 20 of each recommender for new items, averaged over users who meet any."""
    known, wanted = holdout.known(), holdout.wanted()
    asked = wanted.any(axis=1)
    if not asked.any():
        return dict.fromkeys(RECOMMENDERS, float("nan"))
    return {
        name: _ndcg(np.where(known, -np.inf, score(holdout.history, holdout.users))[asked], wanted[asked])
        for name, score in RECOMMENDERS.items()
    }


def _ndcg(scores: NDArray[np.float64], wanted: NDArray[np.bool_]) -> float:
    cut = min(_CUT, scores.shape[1])
    # Ties are broken by a fixed shuffle, not by the number of the item, which may go by popularity.
    shuffle = rng_for(0, "ties").permutation(scores.shape[1])
    best = shuffle[np.argsort(-scores[:, shuffle], axis=1, kind="stable")[:, :cut]]
    worth = 1 / np.log2(np.arange(2, cut + 2))
    gained = (np.take_along_axis(wanted, best, axis=1) * worth).sum(axis=1)
    most = np.concatenate([[0], np.cumsum(worth)])[np.minimum(wanted.sum(axis=1), cut)]
    return float((gained / most).mean())


def agreement(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Kendall's τ of two rankings of the same recommenders (Kendall 1938).

    >>> agreement({"a": 1, "b": 2, "c": 3}, {"a": 10, "b": 20, "c": 15}).__round__(2)
    0.33
    """
    return float(kendalltau([first[name] for name in first], [second[name] for name in first]).statistic)
