"""Numbering: every source counts its events on every topic, so that a reader can tell what is missing.

An event id is ``TTTTxSSSSS-NNNNNNNNNNNN``: a tag of the seed, the topic's letter, the source and the running number.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.seeds import digest64

__all__ = ["ID_WIDTH", "MOST_SOURCES", "TOPIC_LETTERS", "Numbering", "event_ids", "seed_tag"]

TOPIC_LETTERS = {"catalog": "k", "audience": "a", "journeys": "j", "content": "c", "truth": "t", "audit": "p"}
ID_WIDTH = 23
# Sources are sorted as 16-bit integers, by radix.
MOST_SOURCES = 2**16


def seed_tag(seed: int) -> str:
    """Four hex digits that tell runs of different seeds apart."""
    return f"{digest64('tag', seed) & 0xFFFF:04x}"


def event_ids(tag: str, topic: str, source: Sequence[int], number: Sequence[int]) -> list[str]:
    """Event ids as text.

    >>> event_ids("7f3a", "journeys", [12], [104455])
    ['7f3aj00012-000000104455']
    """
    letter = TOPIC_LETTERS[topic]
    return [f"{tag}{letter}{s:05d}-{n:012d}" for s, n in zip(source, number, strict=True)]


class Numbering:
    """The next number of every source on one topic.

    >>> import numpy as np
    >>> numbering = Numbering(sources=3)
    >>> numbering.assign(np.array([2, 0, 2]), np.array([2, 1, 0]))
    array([1, 0, 0])
    """

    def __init__(self, sources: int) -> None:
        if sources > MOST_SOURCES:
            raise ValueError(f"{sources} sources are more than {MOST_SOURCES}; make audience.block larger")
        self.next = np.zeros(sources, dtype=np.int64)

    def assign(self, source: NDArray[np.int64], order: NDArray[np.int64]) -> NDArray[np.int64]:
        """Numbers for events in some arrangement, given by the order in which they occur."""
        by_source = order[np.argsort(source[order].astype(np.uint16), kind="stable")]
        grouped = source[by_source]
        first = np.flatnonzero(np.diff(grouped, prepend=-1))
        counts = np.diff(first, append=len(grouped))
        within = np.arange(len(grouped)) - np.repeat(first, counts)
        number = np.empty(len(grouped), dtype=np.int64)
        number[by_source] = self.next[grouped] + within
        self.next[grouped[first]] += counts
        return number
