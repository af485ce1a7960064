"""Evidence: logged slates, and how probable another policy makes them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Evidence"]


@dataclass(frozen=True)
class Evidence:
    """Slates of a log, one row each, ranks from left to right.

    ``reward`` (slates × ranks) is what the item at each rank earned, ``propensity`` the probability with which the
    logging policy showed it there, ``target`` that with which the policy to be judged would have. ``viewer`` saw the
    slate. For estimators with a model: ``predicted`` (slates × ranks) is the reward that the model expects of what was
    shown, ``expected`` (one a slate) that of what the policy to be judged would have shown.
    """

    viewer: NDArray[np.int64]
    reward: NDArray[np.float64]
    propensity: NDArray[np.float64]
    target: NDArray[np.float64]
    predicted: NDArray[np.float64] | None = None
    expected: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        if not (self.propensity > 0).all():
            raise ValueError(
                "a propensity of 0 was logged, but what was shown had a chance; is the log of this product?"
            )

    def __len__(self) -> int:
        return len(self.viewer)

    def weights(self, clip: float | None = None) -> NDArray[np.float64]:
        """How much more probable the policy makes each item at its rank, at most ``clip``."""
        weights = self.target / self.propensity
        return weights if clip is None else np.minimum(weights, clip)

    @property
    def effective(self) -> float:
        """Effective number of slates: (Σw)²/Σw² of the rank that has the fewest (Kong 1992)."""
        weights = self.weights()
        squares = np.maximum((weights**2).sum(axis=0), 1e-300)
        return float((weights.sum(axis=0) ** 2 / squares).min(initial=np.inf)) if len(self) else 0.0

    @property
    def support(self) -> float:
        """Mean weight: near 1 if the log shows all that the policy would, well below if it never shows some of it."""
        return float(self.weights().mean()) if len(self) else float("nan")
