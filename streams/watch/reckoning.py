"""Reckoning: what was planted on one topic, and what the audit found of it."""

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from streams.delivery import digests
from streams.watch.numbers import NumberSet
from streams.watch.pairing import Pairing
from streams.watch.planted import Labels

__all__ = ["ABSENT", "Reckoning"]

ABSENT = ("dropped", "malformed")
"""Mess after which no record of that event id can be read."""
_EVIDENCE = {
    "late": "overtaken",
    "out_of_order": "overtaken",
    "duplicated": "repeated",
    "tombstone": "ended",
    "oversized": "large",
    "schema_violating": "violating",
    "clock_skew": "skewed",
}
"""What shows that a record was hit; of all other mess, that it was read."""
_READ = "read"
_SOURCE_BITS = 40
_NUMBER = (1 << _SOURCE_BITS) - 1
Column = NDArray[np.int64]
EndedAt = Callable[[Column], Column]
"""Simulated time at which the shard of each source has ended, epoch ms."""


class Reckoning:
    """Labels and evidence of one topic and one seed's tag, paired by event id."""

    def __init__(self, seen: NumberSet) -> None:
        self._seen = seen
        self._pairings = {
            name: Pairing(final_once_seen=name != "repeated")
            for name in (*dict.fromkeys(_EVIDENCE.values()), _READ)
        }
        self.planted: Counter[str] = Counter()
        self.absent: Counter[str] = Counter()
        """By mess, planted ids that had not been read when their label was; they are looked for no more."""
        self.absent_digest = 0

    def __getitem__(self, evidence: str) -> Pairing:
        return self._pairings[evidence]

    def plant(self, labels: Labels) -> None:
        """Take what the truth tells."""
        self.planted[labels.mess] += len(labels.number)
        if labels.mess in ABSENT:
            order = np.argsort(labels.source, kind="stable")
            source, number = labels.source[order], labels.number[order]
            absent = self._seen.add(source, number)
            self.absent[labels.mess] += int(np.count_nonzero(absent))
            digest = np.add.reduce(digests(source[absent], number[absent]), dtype=np.uint64)
            self.absent_digest = (self.absent_digest + int(digest)) % 2**64
            return
        pairing = self._pairings[_EVIDENCE.get(labels.mess, _READ)]
        pairing.plant(labels.mess, labels.source << _SOURCE_BITS | labels.number, labels.leaves)
        if pairing.full:
            pairing.settle(self._was_read)

    def note(
        self, evidence: str, source: Column, number: Column, marked: NDArray[np.bool_] | None = None
    ) -> None:
        """Take evidence of a sort: these records show it."""
        if len(source):
            pairing = self._pairings[evidence]
            pairing.note(source << _SOURCE_BITS | number, marked)
            if pairing.full:
                pairing.settle(self._was_read)

    @property
    def absent_count(self) -> int:
        """Records that nobody need wait for."""
        return sum(self.absent.values())

    def settle(self) -> None:
        """Pair all that can be paired."""
        for pairing in self._pairings.values():
            pairing.settle(self._was_read)

    def _was_read(self, ids: Column) -> NDArray[np.bool_]:
        return self._seen.contains(ids >> _SOURCE_BITS, ids & _NUMBER)

    def found(self, mess: str) -> int:
        """How many of a kind of mess were found."""
        if mess in ABSENT:
            return self.absent[mess]
        evidence = _EVIDENCE.get(mess, _READ)
        pairing = self._pairings[evidence]
        return pairing.hidden[mess] if evidence == _READ else pairing.found[mess]

    def hidden(self, mess: str) -> int:
        """How many were planted and read, and left no trace: a late record that nothing overtook."""
        evidence = _EVIDENCE.get(mess)
        return self._pairings[evidence].hidden[mess] if evidence else 0

    def held(self, mess: str, ended: EndedAt) -> int:
        """How many wait to leave, or belong to a record that does, when their shards have ended."""
        if mess in ABSENT:
            return 0
        evidence = _EVIDENCE.get(mess, _READ)
        pairing = self._pairings[evidence]
        ids = pairing.pending[0][pairing.pending_of(mess)]
        if evidence == "repeated":
            ids, leaves = (column[pairing.pending_of(mess)] for column in pairing.pending)
            return int(np.count_nonzero(leaves >= ended(ids >> _SOURCE_BITS)))
        return int(np.count_nonzero(np.isin(ids, self.held_back(ended))))

    def held_back(self, ended: EndedAt) -> Column:
        """Ids of the records that wait to leave when their shards have ended."""
        ids, leaves = self._pairings["overtaken"].pending
        return ids[leaves >= ended(ids >> _SOURCE_BITS)]

    def held_numbers(self, ended: EndedAt) -> Iterator[tuple[int, int]]:
        """Source and number of each of them."""
        ids = self.held_back(ended)
        return zip((ids >> _SOURCE_BITS).tolist(), (ids & _NUMBER).tolist(), strict=True)

    def unread(self, mess: str, ended: EndedAt) -> int:
        """How many records of a kind of mess were neither read nor held back."""
        pairing = self._pairings[_EVIDENCE.get(mess, _READ)]
        ids = pairing.pending[0][pairing.pending_of(mess)]
        return int(np.count_nonzero(~np.isin(ids, self.held_back(ended))))
