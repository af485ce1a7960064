"""Hits: which records of a tick are spoiled, by what, and what the truth says about them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.batch import Columns, objects, taken
from sim.events import KINDS, RecordKind
from sim.fate import DAMAGED, Fate
from sim.mess.clock_skew import ClockSkew
from sim.mess.mess import Mess
from sim.mess.spoiling import Spoiling
from sim.numbering import event_ids
from sim.seeds import Draws

__all__ = ["Hits", "labelled"]

_FORMS = {
    Fate.TRUNCATED: "truncated",
    Fate.GARBLED: "garbled",
    Fate.WRONG_TYPE: "wrong_type",
    Fate.FIELD_MISSING: "field_missing",
}
_UNSEEN = [fate for fate in (Fate.DROPPED, Fate.TOMBSTONE, *DAMAGED) if fate is not Fate.OVERSIZED]
Numbers = NDArray[np.int64]


class _Hit(NamedTuple):
    """Rows that one plug-in hit: the form it took for each, and its amount."""

    mess: Mess
    rows: Numbers
    forms: list[str]
    amounts: list[int | None]


class Hits:
    """Chooses the records that are hit, by a hash of their source and number: neither shards nor ticks matter.

    Spoiling plug-ins share one uniform number of each record, each a stretch of its own: no record is hit by two.
    """

    def __init__(self, messes: Sequence[Mess], seed: int, *, tag: str, start: int, span: int) -> None:
        self._tag, self._start, self._span = tag, start, span
        self._draws = {topic: Draws(seed, "mess", topic) for topic in {kind.topic for kind in KINDS}}
        self._clocks = [
            (clock, Draws(seed, "clock", number))
            for number, clock in enumerate(messes)
            if isinstance(clock, ClockSkew)
        ]
        found = {kind: list(_stretches(messes, kind)) for kind in KINDS}
        self.spoiling = {kind: stretches for kind, stretches in found.items() if stretches}

    def of(self, kind: RecordKind, columns: Columns, number: Numbers) -> tuple[Columns | None, list[Columns]]:
        """The marks of a kind's rows (None if no row is hit), and the labels of those that are."""
        nothing = np.zeros(len(number), dtype=np.int64)
        marks: Columns = {
            "leaves": columns["at"].copy(),
            "skew": nothing,
            "fate": nothing.astype(np.uint8),
            "amount": nothing.copy(),
        }
        hits = [*self._spoil(kind, columns, number, marks), *self._skew(kind, columns, marks)]
        labels = [
            labelled(
                self._tag, kind, hit.mess, taken(columns, hit.rows), number[hit.rows], hit.forms, hit.amounts
            )
            for hit in hits
        ]
        return (marks if hits else None), labels

    def _spoil(self, kind: RecordKind, columns: Columns, number: Numbers, marks: Columns) -> Iterator[_Hit]:
        begin = int(columns["at"].min()) - self._start
        stretches = [one for one in self.spoiling.get(kind, ()) if one[0].touches(begin, begin + self._span)]
        if not stretches:
            return
        bits = self._draws[kind.topic].bits(columns["source"], number)
        uniform = Draws.uniform_from(bits, 0)
        for mess, low, high in stretches:
            rows = np.flatnonzero((uniform >= low) & (uniform < high))
            rows = rows[mess.active(columns["at"][rows] - self._start)]
            if not len(rows):
                continue
            fate, delay, size = mess.spoiled(bits[rows])
            marks["fate"][rows] = fate
            # A copy leaves later than the record, which itself leaves when it happened.
            marks["leaves"][rows] += np.where(fate == Fate.COPY, 0, delay)
            marks["amount"][rows] = np.where(fate == Fate.COPY, delay, size)
            forms = [_FORMS.get(Fate(code), "") for code in fate.tolist()]
            yield _Hit(mess, rows, forms, [amount or None for amount in (delay + size).tolist()])

    def _skew(self, kind: RecordKind, columns: Columns, marks: Columns) -> Iterator[_Hit]:
        for clock, draws in self._clocks:
            if not clock.concerns(kind):
                continue
            skew = clock.skew(draws.bits(columns["user_id"]))
            # A record that cannot show its time any more has no wrong one.
            unseen = np.isin(marks["fate"], _UNSEEN) | (marks["skew"] != 0)
            skew[~clock.active(columns["at"] - self._start) | unseen] = 0
            rows = np.flatnonzero(skew)
            if len(rows):
                marks["skew"][rows] = skew[rows]
                yield _Hit(clock, rows, [""] * len(rows), skew[rows].tolist())


def labelled(
    tag: str,
    kind: RecordKind,
    mess: Mess,
    columns: Mapping[str, Numbers],
    number: Numbers,
    forms: Sequence[str],
    amounts: Sequence[int | None],
) -> Columns:
    """The truth about rows that were hit, as columns of kind ``mess``; of theirs, ``at`` and ``source`` are taken."""
    count = len(number)
    return {
        "at": columns["at"],
        "source": columns["source"],
        "subject": objects(event_ids(tag, kind.topic, columns["source"].tolist(), number.tolist())),
        "topic": objects([kind.topic] * count),
        "mess": objects([mess.kind] * count),
        "form": objects(forms),
        "amount": objects(amounts),
    }


def _stretches(messes: Sequence[Mess], kind: RecordKind) -> Iterator[tuple[Spoiling, float, float]]:
    """The plug-ins that can hit a kind, each with its stretch of the uniform numbers."""
    low = 0.0
    for mess in messes:
        if isinstance(mess, Spoiling) and mess.concerns(kind):
            yield mess, low, low + mess.rate
            low += mess.rate
