"""Hash banks: synthetic 256-bit hashes of media that never were, for tests of hash matching.

Every hash is drawn at random; none was computed from a picture. A match differs from a known hash in at most 31 bits
(the threshold that PDQ recommends), a near miss in 32 to 60; unrelated ones differ in about 128, never under 80 from
any known one at the sizes used here (a chance of one in 10**9 a pair).
"""

from dataclasses import dataclass
from functools import cached_property

from sim.seeds import Stream, digest64

__all__ = ["MATCH", "NEAR", "HashBank"]

MATCH = 31
"""Most bits in which a match differs from a known hash (PDQ's recommended threshold)."""
NEAR = (32, 60)
"""Fewest and most bits in which a near miss differs."""
_BITS = 256


@dataclass(frozen=True)
class HashBank:
    """Known hashes of one seed.

    >>> from sim.seeds import Stream
    >>> bank = HashBank(7)
    >>> bank.distance(bank.match(Stream(1))) <= 31 < bank.distance(bank.near_miss(Stream(1))) <= 60
    True
    """

    seed: int
    size: int = 256
    """How many hashes are known."""

    @cached_property
    def known(self) -> tuple[int, ...]:
        """The known hashes."""
        return tuple(_random(Stream(digest64("hash bank", self.seed, number))) for number in range(self.size))

    def match(self, draws: Stream) -> int:
        """A known hash with a few bits turned, as recompression would."""
        return _turned(draws.one(self.known), draws.below(MATCH + 1), draws)

    def near_miss(self, draws: Stream) -> int:
        """A hash just too far from a known one to match, and nearer to no other."""
        low, high = NEAR
        return _turned(draws.one(self.known), low + draws.below(high - low + 1), draws)

    def unrelated(self, draws: Stream) -> int:
        """A hash that has nothing to do with any known one."""
        return _random(draws)

    def distance(self, value: int) -> int:
        """Bits in which a hash differs from the nearest known one (Hamming)."""
        return min((value ^ known).bit_count() for known in self.known)


def _random(draws: Stream) -> int:
    return sum(draws.bits() << 64 * word for word in range(_BITS // 64))


def _turned(value: int, count: int, draws: Stream) -> int:
    for place in draws.sample(count, of=_BITS):
        value ^= 1 << place
    return value
