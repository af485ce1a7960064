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
# At most 22 bits in a sum of 32 products, which a 32-bit float holds exactly; 24 in a sum of 64 picks.
_ITEM_STEPS, _VIEWER_STEPS, _FOLDED_STEPS = 511, 255, 2**18 - 1


class ImplicitMF(Learner):
    """Matrix factorisation of implicit feedback (Hu, Koren and Volinsky 2008), by the library ``implicit``.

    Item vectors are fitted to the panel's picks; a viewer is folded in from what he or she picked last: by the same
    least squares for one pick, by their sum for several. Whoever has picked nothing is the panel's mean viewer. Ranked
    are the most picked items of the region, as many as ``candidates``; the rest is for exploration to find.

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

    at_once = 4096

    def __init__(self, settings: ImplicitMF, size: int, seed: int) -> None:
        self.settings, self.size, self.seed = settings, size, seed % 2**31
        self._charts = Charts()
        self._picks = np.empty((2, 0), dtype=np.int64)
        self._vectors = np.zeros((0, settings.factors), dtype=np.float32)
        self._folded = np.zeros((1, settings.factors), dtype=np.float32)
        self._longest = np.zeros(1, dtype=np.float32)
        self._mean = np.zeros(settings.factors, dtype=np.float32)
        self._candidates: list[NDArray[np.int32]] = []
        self._places = np.zeros((0, 0), dtype=np.int32)

    def learn(self, observed: Observed, available: list[NDArray[np.int32]], items: int) -> None:
        """Fit the vectors anew to all picks that are kept, and choose each region's candidates."""
        picked = observed.picked
        self._charts.add(picked)
        self._picks = np.concatenate([self._picks, [picked.viewer, picked.item]], axis=1)[:, -_KEPT:]
        if len(picked.item) or not len(self._vectors):
            self._fit(items)
        count = max(self.settings.candidates, self.size)
        ranked = [self._charts.ranked(here) for here in available]
        # What was born after the vectors were fitted has none, and so no score, until it is picked.
        self._candidates = [r[r < len(self._vectors)][:count].astype(np.int32) for r in ranked]
        self._places = np.full((len(available), len(self._vectors) + 1), -1, dtype=np.int32)
        for region, candidates in enumerate(self._candidates):
            self._places[region, candidates] = np.arange(len(candidates))

    def _fit(self, items: int) -> None:
        viewers = int(self._picks[0].max(initial=0)) + 1
        ones = np.ones(self._picks.shape[1], dtype=np.float32)
        picked = sparse.csr_matrix((ones, tuple(self._picks)), shape=(viewers, items))
        tastes, vectors = _factorised(picked, self.settings, self.seed)
        self._vectors = _whole(vectors, _ITEM_STEPS)
        folded = _whole(_folded_in(vectors.astype(np.float64), self.settings), _FOLDED_STEPS)
        # The last row is that of no item, which adds nothing.
        self._folded = np.concatenate([folded, np.zeros((1, self.settings.factors), dtype=np.float32)])
        self._longest = np.abs(self._folded).max(axis=1)
        self._mean = _whole(tastes.mean(axis=0), _VIEWER_STEPS)

    def best(self, requests: SlateRequests) -> NDArray[np.int32]:
        """The candidates of each region with the highest scores for each viewer."""
        recent = requests.recent[:, : self.settings.remembered]
        recent = np.where((recent < 0) | (recent > len(self._vectors)), len(self._vectors), recent)
        best = np.empty((len(requests), self.size), dtype=np.int32)
        taste = self._taste(recent)
        for region, candidates in enumerate(self._candidates):
            rows = np.flatnonzero(requests.region == region)
            score = taste.take(rows, axis=0) @ self._vectors[candidates].T
            # What the viewer has just picked comes last.
            last = self._places[region].take(recent.take(rows, axis=0))
            best[rows] = candidates.take(_highest(score, last, self.size))
        return best

    def _taste(self, recent: NDArray[np.int32]) -> NDArray[np.float32]:
        taste = np.zeros((len(recent), self.settings.factors), dtype=np.float32)
        longest = np.zeros(len(recent), dtype=np.float32)
        for back in range(recent.shape[1]):
            taste += self._folded.take(recent[:, back], axis=0)
            longest += self._longest.take(recent[:, back])
        taste *= (np.float32(_VIEWER_STEPS) / np.maximum(longest, np.float32(1)))[:, None]
        np.rint(taste, out=taste)
        taste[longest == 0] = self._mean
        return taste


def _whole(vectors: NDArray[Any], steps: int) -> NDArray[np.float32]:
    # The largest entry becomes so many steps.
    scale = steps / max(float(np.abs(vectors).max(initial=0)), 1e-9)
    whole: NDArray[np.float32] = np.rint(vectors * scale).astype(np.float32)
    return whole


def _folded_in(vectors: NDArray[np.float64], settings: ImplicitMF) -> NDArray[np.float64]:
    # The taste of a viewer who picked one item only (Sherman and Morrison); those of several are added up.
    gram = vectors.T @ vectors + max(settings.regularization, 1e-6) * np.eye(settings.factors)
    towards = np.linalg.solve(gram, vectors.T).T
    alone = 1 + settings.confidence * (towards * vectors).sum(axis=1)
    folded: NDArray[np.float64] = (1 + settings.confidence) * towards / alone[:, None]
    return folded


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


def _highest(score: NDArray[np.float32], last: NDArray[np.int32], count: int) -> NDArray[np.integer[Any]]:
    # Score and place in one number: of equal scores the first place wins. To sort all of a row by vector instructions
    # is faster than to part it, and numbers of 32 bits are the fastest.
    width = score.shape[1]
    bits, kind = (8, np.int32) if width <= 256 else (20, np.int64)
    packed: NDArray[Any] = score.astype(kind)
    packed <<= kind(bits)
    packed += np.arange(width - 1, -1, -1, dtype=kind)
    row, column = np.nonzero(last >= 0)
    place = last[row, column]
    packed[row, place] = np.iinfo(np.int32).min + (width - 1 - place)
    packed.sort(axis=1)
    places: NDArray[np.integer[Any]] = width - 1 - (packed[:, : -count - 1 : -1] & kind(2**bits - 1))
    return places
