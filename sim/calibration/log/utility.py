"""Utility: models trained on one log and tested on another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from sim.calibration.log.log import Log
from sim.calibration.log.ranking import Holdout
from sim.calibration.log.recommenders import RECOMMENDERS
from sim.durations import DAY
from sim.seeds import rng_for

__all__ = ["Task", "next_item_task", "return_task", "transferred"]

Features = NDArray[np.float64]
_NEGATIVES = 20
_SIGNALS = ("popularity", "recency", "item_knn", "user_knn", "factors")


@dataclass(frozen=True)
class Task:
    """A yes-or-no question about a log: what is known of each case, and the answer."""

    features: Features
    answer: NDArray[np.bool_]

    @property
    def usable(self) -> bool:
        """True if there are enough cases of both answers to learn from."""
        return bool(min(self.answer.sum(), (~self.answer).sum()) >= 20)


def next_item_task(log: Log) -> Task:
    """Is this the item that the user meets next? Known: ranks of the candidate by five recommenders.

    Each new item of the hidden last fifth stands against 20 others that the user has not met. Ranks are shares of the
    catalogue, so that a model learnt on one catalogue can be asked about another.
    """
    holdout = Holdout.of(log)
    wanted, known = holdout.wanted(), holdout.known()
    user, item = np.nonzero(wanted)
    other = rng_for(0, "candidates").integers(0, log.items, (len(user), _NEGATIVES))
    user, item = np.concatenate([user, np.repeat(user, _NEGATIVES)]), np.concatenate([item, other.ravel()])
    answer = wanted[user, item]
    asked = ~known[user, item]
    columns = []
    for name in _SIGNALS:
        score = RECOMMENDERS[name](holdout.history, holdout.users)
        rank = np.argsort(np.argsort(score, axis=1, kind="stable"), axis=1) / log.items
        columns.append(rank[user, item])
    return Task(np.column_stack(columns)[asked], answer[asked])


def return_task(log: Log) -> Task:
    """Will the user come back? Known at a moment: rows and sessions so far, days since the first and the last.

    The moment is at 60 % of the span, the horizon a fifth of it.
    """
    begin = log.at.min()
    now, horizon = begin + 0.6 * log.span, 0.2 * log.span
    past = log.at < now
    seen = np.flatnonzero(np.bincount(log.user[past], minlength=log.users) > 0)
    rows = np.bincount(log.user[past], minlength=log.users)
    sessions = np.bincount(log.user[past & log.session_opens], minlength=log.users)
    first = np.full(log.users, np.inf)
    last = np.full(log.users, -np.inf)
    np.minimum.at(first, log.user, log.at)
    np.maximum.at(last, log.user[past], log.at[past])
    comes = np.zeros(log.users, dtype=bool)
    comes[log.user[~past & (log.at < now + horizon)]] = True
    known = (rows, sessions, (now - first) / DAY, (now - last) / DAY)
    return Task(np.column_stack([np.log1p(column[seen]) for column in known]), comes[seen])


def transferred(train: Task, test: Task) -> float:
    """Area under the ROC curve, on one task, of boosted trees trained on another; NaN if either has too few cases."""
    if not (train.usable and test.usable):
        return float("nan")
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import roc_auc_score

    model = HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=8, random_state=0)
    with threadpool_limits(1):
        model.fit(train.features, train.answer)
        score = model.predict_proba(test.features)[:, 1]
    return float(roc_auc_score(test.answer, score))
