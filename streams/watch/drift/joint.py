"""Joint comparisons: detectors that look at all fields of a feature together, by normal scores."""

from abc import ABC
from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import PrivateAttr

from streams.watch.drift.comparison import Comparison
from streams.watch.drift.detector import Setting, Window
from streams.watch.drift.scores import NormalScores

__all__ = ["JointComparison"]


class JointComparison(Comparison, ABC):
    """A comparison of numbers by their rank in the reference, so that no heavy tail decides, or of names as such."""

    joint: ClassVar[bool] = True
    _scores: NormalScores | None = PrivateAttr(default=None)

    def ruled(self, reference: Sequence[Window], setting: Setting) -> Self:
        """The same with the ranks of the reference."""
        mine = self.model_copy()
        if not setting.categorical:
            mine._scores = NormalScores.of(np.concatenate([window.complete for window in reference]))
        return mine

    def rows(self, window: Window) -> NDArray[np.float64]:
        """All fields: normal scores of numbers, or the numbers of names."""
        return self._scores.scored(window.complete) if self._scores else window.first[:, None]
