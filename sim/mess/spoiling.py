"""Spoiling: mess that hits each record by itself, a share of them, and no record twice."""

from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import ndtri

from sim.events import RecordKind
from sim.fate import DAMAGED, Fate
from sim.mess.mess import Mess
from sim.seeds import Draws

__all__ = ["Spoiled", "Spoiling", "lognormal"]

_LONGEST_MS = 30 * 24 * 3_600_000


class Spoiled(NamedTuple):
    """What happens to the records that were hit, a row each."""

    fate: NDArray[np.uint8]
    delay: NDArray[np.int64]
    """Milliseconds by which it leaves later; for a copy, by which that follows."""
    size: NDArray[np.int64]
    """Bytes that an oversized record takes at least."""


class Spoiling(Mess):
    """Mess that hits a share of the records, each for itself."""

    rate: float = Field(default=0.001, gt=0, le=1)
    """Share of the records that are hit, while it goes on."""

    fates: ClassVar[tuple[Fate, ...]]
    """What it does; each with the same probability, if several."""

    def can_hit(self, kind: RecordKind) -> bool:
        """Records that have no value by themselves have no bytes to spoil."""
        bytes_change = any(fate in DAMAGED or fate is Fate.TOMBSTONE for fate in self.fates)
        return not (kind.tombstone and bytes_change)

    def spoiled(self, bits: NDArray[np.uint64]) -> Spoiled:
        """What happens to records that were hit, by 64 random bits of each."""
        which = (Draws.uniform_from(bits, 1) * len(self.fates)).astype(np.int64)
        nothing = np.zeros(len(bits), dtype=np.int64)
        fate = np.array(self.fates, dtype=np.uint8)[which]
        return Spoiled(fate, self.delays(bits, nothing), self.sizes(nothing))

    def delays(self, bits: NDArray[np.uint64], nothing: NDArray[np.int64]) -> NDArray[np.int64]:
        """Milliseconds by which each leaves later."""
        return nothing

    def sizes(self, nothing: NDArray[np.int64]) -> NDArray[np.int64]:
        """Bytes that each takes at least."""
        return nothing


def lognormal(uniform: NDArray[np.float64], median: float, spread: float) -> NDArray[np.int64]:
    """Log-normal spans in whole milliseconds, from 1 ms to 30 days, by their quantiles."""
    drawn = median * np.exp(spread * ndtri(np.clip(uniform, 1e-12, 1 - 1e-12)))
    return np.clip(np.rint(drawn), 1, _LONGEST_MS).astype(np.int64)
