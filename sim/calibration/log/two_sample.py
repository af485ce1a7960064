"""The classifier two-sample test: how well a classifier tells the rows of two logs apart."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from sim.calibration.log.log import Log
from sim.calibration.log.marginals import hour_of_week, watch_ratio
from sim.calibration.log.structure import popularity_class

__all__ = ["TwoSample", "row_features", "two_sample", "user_features"]

_MOST_ROWS = 20_000
_FOLDS = 4
_CLASSES, _TREES, _BINS = 20, 100, 32

Folds = list[tuple[NDArray[np.int64], NDArray[np.int64]]]


def row_features(log: Log) -> dict[str, NDArray[np.float64]]:
    """What a classifier sees of each row: when, after what, how far into session and history, and of what."""
    pace = np.log1p(log.gap_s)
    before = np.where(log.opens, np.nan, np.roll(pace, 1))
    shown = popularity_class(log, _CLASSES).astype(np.float64)
    features = {
        "hour": hour_of_week(log) % 24,
        "weekday": hour_of_week(log) // 24,
        "gap": pace,
        "gap_before": before,
        "place_in_session": np.log1p(log.place_in_session),
        "place_in_history": np.log1p(log.place),
        "activity": np.log(log.activity[log.user]),
        "depth": np.log(log.depth[log.session]),
        "sessions": np.log(log.sessions_of_user[log.user]),
        "popularity": shown,
        "popularity_before": np.where(log.opens, np.nan, np.roll(shown, 1)),
        "repeat": log.repeats,
    }
    if "rating" in log.extra:
        features["rating"] = log.extra["rating"]
    if "watch_s" in log.extra:
        features["watch"] = watch_ratio(log)
    return {name: np.asarray(column, dtype=np.float64) for name, column in features.items()}


def user_features(log: Log) -> dict[str, NDArray[np.float64]]:
    """What a classifier sees of each user: how much, how often, how deep, how fast, what, and how rated."""
    gaps = np.log1p(np.nan_to_num(log.gap_s))
    features = {
        "activity": np.log(log.activity),
        "sessions": np.log(log.sessions_of_user),
        "days": np.log1p(_mean(log, (log.at - log.at[log.opens][log.user]) / 864e5, np.maximum)),
        "gap": _mean(log, gaps),
        "gap_spread": np.sqrt(np.maximum(_mean(log, gaps**2) - _mean(log, gaps) ** 2, 0)),
        "popularity": _mean(log, popularity_class(log, _CLASSES)),
        "repeat": _mean(log, log.repeats),
    }
    if "rating" in log.extra:
        rating = log.extra["rating"]
        features["rating"] = _mean(log, rating)
        features["rating_spread"] = np.sqrt(np.maximum(_mean(log, rating**2) - _mean(log, rating) ** 2, 0))
    if "watch_s" in log.extra:
        features["watch"] = _mean(log, watch_ratio(log))
    return features


def _mean(log: Log, column: NDArray[Any], fold: Any = None) -> NDArray[np.float64]:
    if fold is not None:
        return np.asarray(fold.reduceat(column.astype(np.float64), np.flatnonzero(log.opens)))
    return np.bincount(log.user, weights=column, minlength=log.users) / log.activity


@dataclass(frozen=True)
class TwoSample:
    """The area under the ROC curve (0.5 cannot tell, 1 always can), and that of each feature by itself."""

    auc: float
    by_feature: dict[str, float]


def two_sample(first: Log, second: Log, *, rng: np.random.Generator, users: bool = False) -> TwoSample:
    """Boosted trees tell rows (or users) of two logs apart, in folds that keep each user's rows together.

    C2ST of Lopez-Paz and Oquab (2017). Both logs have equal weight; at most 20,000 rows of each are looked at.
    """
    features = user_features if users else row_features
    tables = [features(log) for log in (first, second)]
    groups = [np.arange(log.users) if users else log.user for log in (first, second)]
    names = [name for name in tables[0] if name in tables[1]]
    kept = [rng.permutation(len(group))[:_MOST_ROWS] for group in groups]
    x = np.vstack([np.column_stack([t[n][k] for n in names]) for t, k in zip(tables, kept, strict=True)])
    y = np.repeat([0, 1], [len(k) for k in kept])
    group = np.concatenate([groups[0][kept[0]], groups[0].max() + 1 + groups[1][kept[1]]])
    # Importing scikit-learn draws from the global generators, so nothing does it before it is needed.
    from sklearn.model_selection import GroupKFold

    folds = list(GroupKFold(_FOLDS, shuffle=True, random_state=0).split(x, y, group))
    by_feature = {name: _auc_of_bins(x[:, k], y, folds) for k, name in enumerate(names)}
    return TwoSample(_auc(x, y, folds), by_feature)


def _auc(x: NDArray[np.float64], y: NDArray[np.int64], folds: Folds) -> float:
    from sklearn.ensemble import HistGradientBoostingClassifier

    weight = np.where(y == 0, 0.5 / (y == 0).mean(), 0.5 / (y == 1).mean())
    areas = []
    for train, test in folds:
        model = HistGradientBoostingClassifier(
            max_iter=_TREES, learning_rate=0.1, min_samples_leaf=40, random_state=0
        )
        # Threads that wait for a core in turns cost a hundred times what they save here.
        with threadpool_limits(1):
            model.fit(x[train], y[train], sample_weight=weight[train])
            score = model.predict_proba(x[test])[:, 1]
        # Each fold ranks its own rows: scores of different models are not on one scale.
        areas.append(_area(y[test], score))
    return float(np.nanmean(areas))


def _auc_of_bins(column: NDArray[np.float64], y: NDArray[np.int64], folds: Folds) -> float:
    """As :func:`_auc`, for one feature by the share of each class in its quantile bins."""
    known = np.nan_to_num(column, nan=column[np.isfinite(column)].min(initial=0) - 1)
    place = np.searchsorted(np.unique(np.quantile(known, np.arange(1, _BINS) / _BINS)), known, "right")
    areas = []
    for train, test in folds:
        first, second = (np.bincount(place[train][y[train] == c], minlength=_BINS) + 0.5 for c in (0, 1))
        areas.append(_area(y[test], (second / second.sum() / (first / first.sum()))[place[test]]))
    return float(np.nanmean(areas))


def _area(y: NDArray[np.int64], score: NDArray[np.float64]) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y, score)) if 0 < y.mean() < 1 else float("nan")
