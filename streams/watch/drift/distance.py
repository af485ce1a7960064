"""Distances: how far one sample of a feature lies from another."""

from abc import abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from streams.watch.drift.comparison import Comparison
from streams.watch.drift.detector import DETECTORS
from streams.watch.drift.sample import CategoricalSample, EmptySampleError, NumericSample, Sample

__all__ = ["Distance", "distances", "distances_known"]


class Distance(Comparison):
    """A distance between the reference and a window: 0 when they are alike, larger the less they are."""

    symmetric: ClassVar[bool] = False
    """Whether exchanging the samples changes nothing."""
    bound: ClassVar[float | None] = None
    """Largest possible value, if there is one."""
    quadratic: ClassVar[bool] = False
    """Whether it goes with the square of a small shift, as divergences do."""

    def between(self, reference: Sample, window: Sample) -> float:
        """The distance of ``window`` from ``reference``; :class:`EmptySampleError` if one has no values."""
        for name, sample in (("reference", reference), ("window", window)):
            if not len(sample):
                raise EmptySampleError(
                    f"{self.kind} compares two samples, but the {name} is empty; wait for values"
                )
        if not self.applies(reference):
            sort = "numbers" if isinstance(reference, NumericSample) else "names"
            raise TypeError(f"{self.kind} does not compare {sort}")
        return self.distance(reference, window)

    def applies(self, sample: Sample) -> bool:
        """Whether it compares samples of this sort."""
        return self.numeric if isinstance(sample, NumericSample) else self.categorical

    @abstractmethod
    def distance(self, reference: Sample, window: Sample) -> float:
        """The distance between two samples that are not empty."""

    def squared(
        self, reference: NDArray[np.float64], window: NDArray[np.float64], *, categorical: bool
    ) -> float:
        """The distance between the first columns, squared if it is not quadratic already."""
        sample = _names if categorical else NumericSample.of
        found = self.distance(sample(reference[:, 0]), sample(window[:, 0]))
        return found if self.quadratic else found**2


def distances_known() -> list[Distance]:
    """Every known distance, with its default parameters."""
    kinds = sorted(DETECTORS.classes())
    known = (DETECTORS.parse({"kind": kind}) for kind in kinds)
    return [each for each in known if isinstance(each, Distance)]


def distances(reference: Sample, window: Sample) -> dict[str, float]:
    """Every known distance that applies, by its kind."""
    return {
        each.kind: each.between(reference, window) for each in distances_known() if each.applies(reference)
    }


def _names(values: NDArray[np.float64]) -> CategoricalSample:
    numbers, counts = np.unique(values, return_counts=True)
    return CategoricalSample(
        {f"{number:09.0f}": count for number, count in zip(numbers, counts.tolist(), strict=True)}
    )
