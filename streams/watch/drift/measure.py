"""Measures: how far one sample lies from another, one plug-in each."""

from abc import abstractmethod
from typing import ClassVar

from sim.plugin import Family, Plugin
from streams.watch.drift.sample import EmptySampleError, NumericSample, Sample

__all__ = ["MEASURES", "Measure", "distances"]


class Measure(Plugin):
    """A distance between the reference and a window: 0 when they are alike, larger the less they are."""

    numeric: ClassVar[bool] = True
    """Whether it compares numbers."""
    categorical: ClassVar[bool] = True
    """Whether it compares names."""
    symmetric: ClassVar[bool] = False
    """Whether exchanging the samples changes nothing."""
    bound: ClassVar[float | None] = None
    """Largest possible value, if there is one."""

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


MEASURES = Family("measure", Measure, "streams.watch.drift.measures")


def distances(reference: Sample, window: Sample) -> dict[str, float]:
    """Every known distance that applies, by the kind of its measure."""
    measures = [MEASURES.parse({"kind": kind}) for kind in sorted(MEASURES.classes())]
    return {each.kind: each.between(reference, window) for each in measures if each.applies(reference)}
