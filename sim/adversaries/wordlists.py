"""Word lists that ship as hashes alone: a block list, and a dictionary.

The block list holds salted hashes of its words and of their neighbourhoods (:mod:`sim.adversaries.near`), so that a
word within two edits of one of them is told without any of them being readable here. The dictionary is a Bloom filter
(Bloom 1970). Both err to the safe side: a word is refused by chance once in 10,000 times, and never let through.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from sim.adversaries.near import patterns_asked, patterns_kept

__all__ = ["BlockList", "Dictionary", "is_blocked", "is_word", "near_blocked"]

_SALT = b"greenroom-words-1"
_BITS_A_WORD = 12
_HASHES = 8


def _hashed(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, key=_SALT).digest(), "little")


@dataclass(frozen=True, eq=False)
class BlockList:
    """Words that must not be written, as hashes.

    >>> found = BlockList.of(["borogove"])
    >>> found.has("Borogove"), found.is_near("borrogave"), found.is_near("lantern")
    (True, True, False)
    """

    words: NDArray[np.uint64]
    """Sorted hashes of the words."""
    neighbourhoods: NDArray[np.uint32]
    """Sorted, shortened hashes of the patterns of their neighbourhoods."""

    @classmethod
    def of(cls, words: Iterable[str]) -> "BlockList":
        """The list of some words, in lower case."""
        plain = sorted({word.casefold() for word in words})
        patterns = {_hashed(pattern) & 0xFFFFFFFF for word in plain for pattern in patterns_kept(word)}
        return cls(
            np.array(sorted(map(_hashed, plain)), dtype=np.uint64),
            np.array(sorted(patterns), dtype=np.uint32),
        )

    def has(self, word: str) -> bool:
        """True if the word is on the list."""
        return bool(_found(self.words, np.array([_hashed(word.casefold())], dtype=np.uint64))[0])

    def is_near(self, word: str) -> bool:
        """True if the word is within two edits of a word of the list."""
        asked = [_hashed(pattern) & 0xFFFFFFFF for pattern in patterns_asked(word.casefold())]
        return bool(_found(self.neighbourhoods, np.array(asked, dtype=np.uint32)).any())

    def as_bytes(self) -> bytes:
        """The list as it ships."""
        return _packed(words=self.words, neighbourhoods=self.neighbourhoods)


@dataclass(frozen=True, eq=False)
class Dictionary:
    """Words of everyday language, as a Bloom filter.

    >>> found = Dictionary.of(["lantern", "river"])
    >>> found.has("River"), found.has("borogove")
    (True, False)
    """

    bits: NDArray[np.uint8]

    @classmethod
    def of(cls, words: Iterable[str]) -> "Dictionary":
        """The dictionary of some words."""
        plain = {word.casefold() for word in words}
        marked = np.zeros(max(64, _BITS_A_WORD * len(plain)) // 8 * 8, dtype=bool)
        for word in plain:
            marked[_places(word, len(marked))] = True
        return cls(np.packbits(marked))

    def has(self, word: str) -> bool:
        """True if the word is in the dictionary; by chance also for one in some thousand others."""
        size = 8 * len(self.bits)
        return all(self.bits[place >> 3] >> (7 - (place & 7)) & 1 for place in _places(word.casefold(), size))

    def as_bytes(self) -> bytes:
        """The dictionary as it ships."""
        return _packed(bits=self.bits)


@lru_cache(maxsize=65_536)
def is_blocked(word: str) -> bool:
    """True if a word is on the block list that ships."""
    return _hashed(word.casefold()) in _blocked_words()


@lru_cache(maxsize=8192)
def near_blocked(word: str) -> bool:
    """True if a word is within two edits of the block list that ships."""
    return _block_list().is_near(word)


def is_word(word: str) -> bool:
    """True if a word is in the dictionary that ships.

    >>> is_word("lantern"), is_word("fliraikri")
    (True, False)
    """
    return _dictionary().has(word)


def _places(word: str, size: int) -> list[int]:
    # Kirsch and Mitzenmacher 2006: two hashes do for many.
    both = _hashed(word)
    first, step = both & 0xFFFFFFFF, both >> 32 | 1
    return [(first + number * step) % size for number in range(_HASHES)]


def _found(known: NDArray[np.generic], asked: NDArray[np.generic]) -> NDArray[np.bool_]:
    place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    matched: NDArray[np.bool_] = known[place] == asked
    return matched


def _packed(**arrays: NDArray[np.generic]) -> bytes:
    buffer = BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


@cache
def _block_list() -> BlockList:
    with as_file(files("sim.adversaries") / "blocklist.npz") as path, np.load(path) as found:
        return BlockList(found["words"], found["neighbourhoods"])


@cache
def _blocked_words() -> frozenset[int]:
    return frozenset(_block_list().words.tolist())


@cache
def _dictionary() -> Dictionary:
    with as_file(files("sim.adversaries") / "dictionary.npz") as path, np.load(path) as found:
        return Dictionary(found["bits"])
