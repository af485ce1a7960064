"""The classifier two-sample test."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.stats import rankdata

from streams.watch.drift.detector import Setting, Window
from streams.watch.drift.joint import JointComparison
from streams.watch.drift.null import Null, between

__all__ = ["ClassifierTest"]

Rows = NDArray[np.float64]

_PARTS = 8
_MOST_NAMES = 64


class ClassifierTest(JointComparison):
    """Can a classifier tell the window from the windows before? The distance is its AUC above one half.

    Logistic regression on normal scores, their squares and products (or on one column a name), fitted on every other
    eighth of the time and tried on the rest. Source: Lopez-Paz and Oquab (2017), "Revisiting classifier two-sample
    tests", International Conference on Learning Representations; variance of the AUC: Mann and Whitney (1947).

    >>> ClassifierTest(relevant=0.05).label
    'classifier'
    """

    kind: Literal["classifier"] = "classifier"
    most_rows: ClassVar[int] = 1024
    relevant: float = Field(default=0.02, ge=0, le=0.5)
    """Smallest excess of the AUC over one half that matters."""
    penalty: float = Field(default=1.0, gt=0)
    """Weight of the squared coefficients against the loss."""

    def rows(self, window: Window) -> Rows:
        """All fields: normal scores of numbers with their squares and products, or the numbers of names."""
        rows = super().rows(window)
        if self._scores is None:
            return rows
        products = [
            rows[:, first] * rows[:, second]
            for first in range(rows.shape[1])
            for second in range(first, rows.shape[1])
        ]
        return np.column_stack([rows, *products])

    def null(self, reference: Sequence[Rows], setting: Setting) -> Null:
        """That of the AUC on half of the rows, wider if windows of the reference can be told apart."""
        mean = 2 / 12
        found = between(
            reference, lambda one, other: self.squared(one, other, categorical=setting.categorical)
        )
        wider = max(1.0, float(found.mean()) / mean) if len(found) else 1.0
        return Null(mean * wider, 2 * (mean * wider) ** 2)

    def squared(self, reference: Rows, window: Rows, *, categorical: bool) -> float:
        """The square of the AUC's excess over one half; 0 if it is below."""
        from sklearn.linear_model import LogisticRegression

        first, second = (_one_hot(reference, window)) if categorical else (reference, window)
        (learnt, tried), (learnt_too, tried_too) = _halves(first), _halves(second)
        model: Any = LogisticRegression(
            C=1 / self.penalty, class_weight="balanced", solver="newton-cholesky", max_iter=30, tol=1e-3
        )
        model.fit(np.concatenate([learnt, learnt_too]), np.repeat([0, 1], [len(learnt), len(learnt_too)]))
        return max(0.0, _auc(model.decision_function(tried), model.decision_function(tried_too)) - 0.5) ** 2


def _auc(below: NDArray[np.float64], above: NDArray[np.float64]) -> float:
    """Probability that one of the second scores is above one of the first, ties counting half."""
    ranks = rankdata(np.concatenate([below, above]))[len(below) :]
    return float((ranks.sum() - len(above) * (len(above) + 1) / 2) / (len(below) * len(above)))


def _halves(rows: Rows) -> tuple[Rows, Rows]:
    """Every other eighth, and the others: what is alike in time is on one side."""
    part = np.arange(len(rows)) * _PARTS // len(rows)
    return rows[part % 2 == 0], rows[part % 2 == 1]


def _one_hot(first: Rows, second: Rows) -> tuple[Rows, Rows]:
    """A column for each of the most frequent names."""
    names, counts = np.unique(np.concatenate([first, second]), return_counts=True)
    usual = names[np.argsort(-counts, kind="stable")[:_MOST_NAMES]]
    return (first == usual).astype(np.float64), (second == usual).astype(np.float64)
