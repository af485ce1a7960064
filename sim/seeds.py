"""Random numbers by position: the same seed and path give the same stream, whatever ran before.

Three forms of one idea (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"):

- :func:`rng_for` gives a NumPy generator to an actor that draws a few numbers of many kinds;
- :class:`Stream` gives small whole numbers to something short, such as a word to be disguised, at a hundredth of
  the cost of a generator;
- :class:`Draws` gives whole columns at once, each number a hash of *who* and *how often* (viewer 17, session 3,
  rank 5), so that a viewer's life is the same in whichever shard, block or step it is simulated.
"""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["GOLDEN", "Draws", "Picks", "Stream", "digest64", "rng_for", "scrambled"]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_TO_UNIT = 2.0**-53
_STEP = 0x9E3779B97F4A7C15
_ALL_BITS = 2**64 - 1

Choice = TypeVar("Choice")


def digest64(*path: object) -> int:
    """A 64-bit number that stands for a path of names and numbers, stable across runs and machines."""
    text = "\x1f".join(f"{type(part).__name__}:{part}" for part in path)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def rng_for(seed: int, *path: object) -> np.random.Generator:
    """The generator of one actor, purpose or place.

    >>> rng_for(7, "catalog", "births").integers(100) == rng_for(7, "catalog", "births").integers(100)
    np.True_
    """
    return np.random.Generator(np.random.Philox(key=digest64("rng", seed, *path)))


class Picks:
    """A few small choices out of one number of 64 bits: far cheaper than a generator for each of millions.

    >>> Picks(digest64("who", 7)).one(["yes", "no"]) in ("yes", "no")
    True
    """

    def __init__(self, bits: int) -> None:
        self._bits = bits

    def below(self, count: int) -> int:
        """A number from 0 to ``count`` - 1; the product of all counts asked for must stay well below 2**64."""
        self._bits, chosen = divmod(self._bits, count)
        return chosen

    def one(self, options: Sequence[Choice]) -> Choice:
        """One of the options."""
        return options[self.below(len(options))]


class Stream:
    """Small random choices one after the other, for something too short to deserve a generator.

    SplitMix64 (Steele, Lea and Flood 2014) in Python's own integers: 0.3 µs to begin, where :func:`rng_for` takes 45.

    >>> Stream(7).at(3, 1).sample(2, of=5) == Stream(7).at(3, 1).sample(2, of=5)
    True
    """

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = seed & _ALL_BITS

    def at(self, *position: int) -> "Stream":
        """The stream of a place: depends on this one's seed and the numbers alone, not on what was drawn here."""
        state = self._state
        for coordinate in position:
            state = _mixed(state + (coordinate + 1) * _STEP & _ALL_BITS)
        return Stream(state)

    def bits(self) -> int:
        """The next 64 random bits."""
        self._state = state = self._state + _STEP & _ALL_BITS
        return _mixed(state)

    def below(self, count: int) -> int:
        """A number from 0 to ``count`` - 1 (Lemire 2019; the bias is below ``count`` / 2**64)."""
        return self.bits() * count >> 64

    def one(self, options: Sequence[Choice]) -> Choice:
        """One of the options."""
        return options[self.below(len(options))]

    def sample(self, count: int, *, of: int) -> list[int]:
        """``count`` different numbers below ``of``, in random order; a longer sample begins with the shorter one."""
        numbers = list(range(of))
        bits = 0
        for place in range(min(count, of)):
            # One number of 64 bits serves many choices, as in Picks: a word is short.
            if bits < of << 16:
                bits = self.bits()
            bits, chosen = divmod(bits, of - place)
            other = place + chosen
            numbers[place], numbers[other] = numbers[other], numbers[place]
        return numbers[:count]


class Draws:
    """Columns of random numbers for one purpose, by position (SplitMix64; Steele, Lea and Flood 2014).

    >>> draws = Draws(7, "slate choice")
    >>> bool((draws.uniform([1, 2], 0)[1:] == draws.uniform([2], 0)).all())
    True
    """

    def __init__(self, seed: int, *purpose: object) -> None:
        self._key = np.uint64(digest64("draws", seed, *purpose))

    def bits(self, *position: ArrayLike) -> NDArray[np.uint64]:
        """64 random bits for each position; positions broadcast against each other."""
        state: NDArray[np.uint64] = np.array([self._key])
        with np.errstate(over="ignore"):
            for coordinate in position:
                state = scrambled(state + np.asarray(coordinate).astype(np.uint64) * GOLDEN)
        return state

    def uniform(self, *position: ArrayLike) -> NDArray[np.float64]:
        """Uniform numbers in [0, 1) with 53 bits."""
        return _unit(self.bits(*position))

    @staticmethod
    def uniform_from(bits: NDArray[np.uint64], purpose: int) -> NDArray[np.float64]:
        """Further uniform numbers from bits that a position was given, one column a purpose."""
        with np.errstate(over="ignore"):
            return _unit(scrambled(bits + np.uint64(purpose) * GOLDEN))


def _unit(bits: NDArray[np.uint64]) -> NDArray[np.float64]:
    return (bits >> np.uint64(11)).astype(np.float64) * _TO_UNIT


def scrambled(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser: neighbouring numbers become numbers that have nothing to do with each other."""
    state = (state ^ (state >> np.uint64(30))) * _MIX_1
    state ^= state >> np.uint64(27)
    state *= _MIX_2
    state ^= state >> np.uint64(31)
    return state


def _mixed(state: int) -> int:
    """The same for one number, in Python's own integers."""
    state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 & _ALL_BITS
    state = (state ^ (state >> 27)) * 0x94D049BB133111EB & _ALL_BITS
    return state ^ (state >> 31)
