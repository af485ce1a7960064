"""Implicit matrix factorisation: tastes and items as vectors, by alternating least squares."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import sparse

from sim.recommenders.charts import Charts
from sim.recommenders.learner import Learner
from sim.recommenders.recommender import Observed, SlateRequests

__all__ = ["ImplicitMF"]

_KEPT = 250_000
_ITEM_STEPS, _VIEWER_STEPS = 1023, 511


class ImplicitMF(Learner):
    """Matrix factorisation of implicit feedback (Hu, Koren and Volinsky 2008), by the library ``implicit``.

    Item vectors are fitted to the panel's picks; a viewer is folded in from what he or she picked last, by the same
    least squares; whoever has picked nothing yet is the mean viewer of the panel. Ranked are the most picked items of
    the region, as many as ``candidates``; the rest is for exploration to find.

    >>> from sim.testing import tiny_scenario
    >>> from sim.world import World
    >>> world = World(tiny_scenario(recommender={"kind": "implicit_mf", "panel": 100}))
    >>> asked = SlateRequests(viewer=np.array([1]), region=np.array([0], np.uint8), at=np.array([0]),
    ...                       bits=np.array([7], np.uint64), size=16, recent=np.array([[3, 8]], np.int32))
    >>> world.policy.answer(asked).items.shape
    (1, 16)
    """

    kind: Literal["implicit_mf"] = "implicit_mf"
    factors: int = Field(default=16, ge=1, le=32)
    """Length of the vectors."""
    regularization: float = Field(default=0.05, ge=0, le=100)
    """Weight λ of the vectors' lengths."""
    confidence: float = Field(default=10.0, gt=0, le=1000)
    """Confidence α in a pick, against 1 in its absence."""
    iterations: int = Field(default=8, ge=1, le=200)
    """Rounds of alternating least squares at every refresh."""
    candidates: int = Field(default=256, ge=1, le=100_000)
    """Most picked items of a region among which it ranks; never fewer than a slate has."""
    remembered: int = Field(default=6, ge=1, le=64)
    """How many of a viewer's last picks count."""

    def ranker(self, *, regions: int, size: int, seed: int) -> "_FactorRanker":
        """Vectors, before anything was picked."""
        return _FactorRanker(self, size, seed)


class _FactorRanker:
    """Vectors kept as small whole numbers, so that scores are exact, whatever a matrix product adds up first."""

    def __init__(self, settings: ImplicitMF, size: int, seed: int) -> None:
        self.settings, self.size, self.seed = settings, size, seed % 2**31
        self._charts = Charts()
        self._picks = np.empty((2, 0), dtype=np.int64)
        self._items = np.zeros((0, settings.factors), dtype=np.float32)
        self._vectors = np.zeros((0, settings.factors))
        self._gram = np.eye(settings.factors)
        self._mean = np.zeros(settings.factors)
        self._candidates: list[NDArray[np.int32]] = []

    def learn(self, observed: Observed, available: list[NDArray[np.int32]], items: int) -> None:
        """Fit the vectors anew to all picks that are kept, and choose each region's candidates."""
        picked = observed.picked
        self._charts.add(picked)
        self._picks = np.concatenate([self._picks, [picked.viewer, picked.item]], axis=1)[:, -_KEPT:]
        if len(picked.item) or not len(self._items):
            self._fit(items)
        # What was born since has no vector, and so no score, until it is picked.
        unknown = items - len(self._items)
        self._items = np.pad(self._items, ((0, unknown), (0, 0)))
        self._vectors = np.pad(self._vectors, ((0, unknown), (0, 0)))
        count = max(self.settings.candidates, self.size)
        self._candidates = [self._charts.ranked(here)[:count].astype(np.int32) for here in available]

    def _fit(self, items: int) -> None:
        viewers = int(self._picks[0].max(initial=0)) + 1
        ones = np.ones(self._picks.shape[1], dtype=np.float32)
        picked = sparse.csr_matrix((ones, tuple(self._picks)), shape=(viewers, items))
        viewer_factors, factors = _factorised(picked, self.settings, self.seed)
        scale = _ITEM_STEPS / max(float(np.abs(factors).max(initial=0)), 1e-9)
        self._items = np.rint(factors * scale).astype(np.float32)
        vectors = self._items.astype(np.float64) / scale
        self._gram = vectors.T @ vectors + self.settings.regularization * np.eye(self.settings.factors)
        self._vectors, self._mean = vectors, viewer_factors.mean(axis=0).astype(np.float64)

    def best(self, requests: SlateRequests) -> NDArray[np.int32]:
        """The candidates of each region with the highest scores for each viewer."""
        recent = requests.recent[:, : self.settings.remembered]
        best = np.empty((len(requests), self.size), dtype=np.int32)
        taste = self._folded_in(recent)
        for region, candidates in enumerate(self._candidates):
            rows = np.flatnonzero(requests.region == region)
            score = (taste[rows] @ self._items[candidates].T).astype(np.int64)
            best[rows] = candidates[_highest(_unplayed(score, candidates, recent[rows]), self.size)]
        return best

    def _folded_in(self, recent: NDArray[np.int32]) -> NDArray[np.float32]:
        known = (recent >= 0) & (recent < len(self._items))
        vectors = self._vectors[np.where(known, recent, 0)] * known[:, :, None]
        confident = vectors.transpose(0, 2, 1) * self.settings.confidence
        right = confident.sum(axis=2) * (1 + 1 / self.settings.confidence)
        taste = np.linalg.solve(self._gram + confident @ vectors, right[:, :, None])[:, :, 0]
        taste[~known.any(axis=1)] = self._mean
        longest = np.maximum(np.abs(taste).max(axis=1, initial=0), 1e-12)
        whole: NDArray[np.float32] = np.rint(taste * (_VIEWER_STEPS / longest)[:, None]).astype(np.float32)
        return whole


def _factorised(
    picked: "sparse.csr_matrix[Any]", settings: ImplicitMF, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    # Only who ranks by factors pays for the library; one thread, or sums would depend on how work is shared out.
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1):
        model = AlternatingLeastSquares(
            factors=settings.factors,
            regularization=settings.regularization,
            alpha=settings.confidence,
            iterations=settings.iterations,
            num_threads=1,
            random_state=seed,
        )
        model.fit(picked, show_progress=False)
    return model.user_factors, model.item_factors


def _unplayed(
    score: NDArray[np.int64], candidates: NDArray[np.int32], recent: NDArray[np.int32]
) -> NDArray[np.int64]:
    # What the viewer has just picked comes last.
    order = np.argsort(candidates, kind="stable")
    place = np.searchsorted(candidates, recent, sorter=order)
    place = order[np.minimum(place, len(candidates) - 1)]
    row, column = np.nonzero(candidates[place] == recent)
    score[row, place[row, column]] = -(2**25)
    return score


def _highest(score: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    # Score and place in one number: of equal scores the first place wins.
    width = score.shape[1]
    packed = (score << 20) + (width - 1 - np.arange(width))
    # To sort all of a row by vector instructions is faster than to part it.
    packed.sort(axis=1)
    places: NDArray[np.int64] = width - 1 - (packed[:, : -count - 1 : -1] & (2**20 - 1))
    return places
