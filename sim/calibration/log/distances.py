"""Distances between two samples: Kolmogorov-Smirnov, Wasserstein, Jensen-Shannon and stability index."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import rel_entr
from scipy.stats import ks_2samp, wasserstein_distance

__all__ = ["distances", "js_of_counts", "quantile_edges"]

_BINS = 10
_SMOOTHING = 0.5


def js_of_counts(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Jensen-Shannon divergence in bits of two columns of counts over the same cells (Lin 1991).

    >>> js_of_counts(np.array([1, 0]), np.array([0, 1]))
    1.0
    """
    if not first.sum() or not second.sum():
        return float("nan")
    p, q = first / first.sum(), second / second.sum()
    middle = (p + q) / 2
    return float((rel_entr(p, middle).sum() + rel_entr(q, middle).sum()) / 2 / np.log(2))


def quantile_edges(reference: NDArray[Any], bins: int = _BINS) -> NDArray[np.float64]:
    """Edges of quantile bins of a sample; fewer where many values are equal."""
    inner: NDArray[np.float64] = np.unique(np.quantile(reference, np.arange(1, bins) / bins))
    return inner


def distances(reference: NDArray[Any], sample: NDArray[Any]) -> dict[str, float]:
    """``ks``, ``w1`` (in standard deviations of the reference), ``js`` (bits) and ``psi`` over its quantile bins.

    PSI is Jeffreys' divergence of binned shares (Siddiqi 2006), smoothed so that an empty bin gives no infinity.

    >>> distances(np.arange(9.0), np.arange(9.0))["ks"]
    0.0
    """
    if not len(reference) or not len(sample):
        return dict.fromkeys(("ks", "w1", "js", "psi"), float("nan"))
    edges = quantile_edges(reference)
    counts = [
        np.bincount(np.searchsorted(edges, x, "right"), minlength=len(edges) + 1) for x in (reference, sample)
    ]
    p, q = ((c + _SMOOTHING) / (c.sum() + _SMOOTHING * len(c)) for c in counts)
    return {
        "ks": float(ks_2samp(reference, sample).statistic),
        "w1": float(wasserstein_distance(reference, sample) / (np.std(reference) or 1.0)),
        "js": js_of_counts(*counts),
        "psi": float(((q - p) * np.log(q / p)).sum()),
    }
