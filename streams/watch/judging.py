"""Judging: what became of the records of each topic, and what of it nothing planted explains."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from streams.topics import topic_named
from streams.watch.audit import DeliveryAudit
from streams.watch.parts import judged_parts
from streams.watch.reckoning import ABSENT, Reckoning
from streams.watch.verdict import Counts, Loss, Part, Planted, Verdict

__all__ = ["judged"]

_LOSSES = 1000
_SHOWN_AS_THEY_ARE = ("tombstone", "oversized", "schema_violating")
"""Mess that every record shows that was read, or it was not planted."""


def judged(audit: DeliveryAudit, *, settled: bool) -> Verdict:
    """What became of the records; unless ``settled``, what has not been read yet is pending, not lost."""
    parts = judged_parts(audit)
    final = settled and audit.ledger.all_closed
    accounts = [
        _Account(audit, topic, [part for part in parts if part.topic == topic], final=final).settled(settled)
        for topic in sorted({topic for topic, _ in (*audit.ledger.published, *audit.parts)})
    ]
    planted: dict[str, Planted] = defaultdict(Planted)
    for account in accounts:
        for mess, counts in account.planted.items():
            planted[mess] += counts
    return Verdict(
        {account.topic: account.counts for account in accounts},
        tuple(islice(_losses(audit), _LOSSES)) if final else (),
        (*_doubts(audit), *(doubt for account in accounts for doubt in account.doubts)),
        dict(audit.examples),
        {account.topic: account.beyond for account in accounts},
        dict(planted),
        tuple(parts),
        tuple(note for account in accounts for note in account.notes),
    )


@dataclass
class _Account:
    """One topic: what was counted, what was planted, and the difference."""

    audit: DeliveryAudit
    topic: str
    parts: list[Part]
    final: bool
    counts: Counts = field(default_factory=Counts)
    beyond: Counts = field(default_factory=Counts)
    planted: dict[str, Planted] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def settled(self, settled: bool) -> "_Account":
        """The account with its counts; all that can be said is said if the run is over."""
        self._reckonings = [one for (of, _), one in self.audit.reckonings.items() if of == self.topic]
        for reckoning in self._reckonings:
            reckoning.settle()
        faults: Counter[str] = Counter()
        for (of, _), part in self.audit.parts.items():
            if of == self.topic:
                faults.update(part.faults)
        self._unreadable, self._violating = faults.pop("corrupted", 0), faults.pop("violating", 0)
        published = sum(
            count for (of, _), (count, _) in self.audit.ledger.published.items() if of == self.topic
        )
        distinct = sum(part.distinct for (of, _), part in self.audit.parts.items() if of == self.topic)
        self.planted = self._what_was_planted()
        self.counts = Counts(published=published, audited=distinct, **faults)
        self._weigh(settled)
        return self

    def _what_was_planted(self) -> dict[str, Planted]:
        found: dict[str, Planted] = defaultdict(Planted)
        for reckoning in self._reckonings:
            for mess, planted in reckoning.planted.items():
                held = reckoning.held(mess, self._ended(reckoning)) if self.final else 0
                found[mess] += Planted(planted, reckoning.found(mess), reckoning.hidden(mess), held)
        return dict(found)

    def _ended(self, reckoning: Reckoning) -> "_Ended":
        (tag,) = [tag for (_, tag), one in self.audit.reckonings.items() if one is reckoning]
        return _Ended(self.audit, tag)

    def _weigh(self, settled: bool) -> None:
        """What is missing and what is too much, and how much of it is planted."""
        foreign = self._foreign()
        short = self._short(foreign)
        # What nobody can read arrived all the same: it explains as many of the records that are missing.
        unread = self._absent("malformed") + (self._unread_violations() if self.final else 0)
        unreadable = min(self._unreadable, unread, short)
        lost, wrong = short - unreadable, 0
        excess = max(0, lost - self._absent("dropped"))
        superseded = self._superseded(excess) if settled else 0
        if self.final and excess == foreign == 0:
            wrong = self._wrong_digests(short)
        explained = {"lost": lost - superseded, "superseded": superseded} if settled else {"pending": excess}
        corrupted = self._unreadable + self._violating + foreign + wrong
        self.counts = replace(
            self.counts, audited=self.counts.audited - foreign, corrupted=corrupted, **explained
        )
        explained = {"lost": excess - superseded} if settled else {"pending": excess}
        self.beyond = Counts(
            duplicated=self._unexplained("repeated"),
            reordered=max(0, min(self._unexplained("overtaken"), self.counts.reordered)),
            late=sum(one["overtaken"].unexplained_marked for one in self._reckonings),
            corrupted=self._unreadable - unreadable + foreign + wrong + self._unexplained("violating"),
            **explained,
        )
        self._doubt()

    def _absent(self, mess: str) -> int:
        return sum(one.absent[mess] for one in self._reckonings)

    def _unexplained(self, evidence: str) -> int:
        return sum(one[evidence].unexplained for one in self._reckonings)

    def _unread_violations(self) -> int:
        return sum(one.unread("schema_violating", self._ended(one)) for one in self._reckonings)

    def _short(self, foreign: int) -> int:
        """Records that were published and not read: by their numbers if they are known, else by what was counted."""
        if self.final and self.audit.ledger.sources is not None:
            missing = sum(
                last - first + 1 for loss in _losses(self.audit, self.topic) for first, last in loss.ranges
            )
            return missing + sum(self._absent(mess) for mess in ABSENT)
        published = self.audit.ledger.published.items()
        return sum(
            max(0, count - self._distinct(place)) for place, (count, _) in published if place[0] == self.topic
        )

    def _distinct(self, place: tuple[str, int]) -> int:
        return self.audit.parts[place].distinct if place in self.audit.parts else 0

    def _foreign(self) -> int:
        """Distinct records that no shard published: of an unknown source, or with a number that was never reached."""
        if not self.final:
            return 0
        sources = self.audit.ledger.sources
        if sources is None:
            return sum(
                max(0, part.distinct - self.audit.ledger.published.get(place, (0, 0))[0])
                for place, part in self.audit.parts.items()
                if place[0] == self.topic
            )
        return sum(
            seen.seen_from(source, sources.get((self.topic, f"{tag:04x}"), {}).get(source, 0))
            for (of, tag), seen in self.audit.seen.items()
            if of == self.topic
            for source in seen.distinct
        )

    def _wrong_digests(self, short: int) -> int:
        """How many sets of records are not those that were published, though their numbers are right."""
        if short == 0:
            wrong = [part for part in self.parts if not part.intact]
            self.doubts += [
                f"{self.topic}/{part.partition}, shard {part.shard}: the digest of the {part.audited:,} records read "
                "is not that of those published"
                for part in wrong
            ]
            return len(wrong)
        published = sum(d for (of, _), (_, d) in self.audit.ledger.published.items() if of == self.topic)
        read = sum(part.digest for (of, _), part in self.audit.parts.items() if of == self.topic)
        absent = sum(one.absent_digest for one in self._reckonings)
        if self._unread_violations() or (published - read - absent) % 2**64 == 0:
            return 0
        self.doubts.append(
            f"{self.topic}: the digest of what was read and of what was planted is not that published"
        )
        return 1

    def _superseded(self, excess: int) -> int:
        """How many of the records that are missing a compacted topic's log has gaps for."""
        if not excess or topic_named(self.topic).cleanup != "compact":
            return 0
        gaps = markers = 0
        for place, (_, end) in self.audit.offsets.items():
            if place[0] == self.topic:
                read = self.audit.parts[place].records if place in self.audit.parts else 0
                gaps += max(0, end - read)
                markers += self.audit.ledger.commits.get(place, 0)
        superseded = min(excess, gaps)
        if superseded:
            told = f"{self.topic}: compaction removed {superseded:,} records that later ones of their key supersede"
            unsure = superseded - max(0, gaps - markers)
            if unsure <= 0:
                self.notes.append(f"{told}; the gaps in the log account for all of them")
            else:
                self.doubts.append(
                    f"{told}, unless up to {unsure:,} of them are lost: the ends of transactions leave gaps as well. "
                    "To see every record before that, follow a run from its beginning (--follow)"
                )
        return superseded

    def _doubt(self) -> None:
        removed = sum(first for (of, _), (first, _) in self.audit.offsets.items() if of == self.topic)
        if removed:
            self.doubts.append(
                f"{self.topic}: the broker has removed {removed:,} records (retention or compaction)"
            )
        if not self.final:
            return
        if skewed := self._unexplained("skewed"):
            self.doubts.append(
                f"{self.topic}: {skewed:,} records are of another time than their timestamps say"
            )
        if topic_named(self.topic).cleanup != "compact" and (ended := self._unexplained("ended")):
            self.doubts.append(
                f"{self.topic}: {ended:,} records have no value, and the topic is not compacted"
            )
        for mess, planted in self.planted.items():
            gone = planted.planted - planted.found - planted.traceless - planted.held
            whole = planted.traceless if mess in _SHOWN_AS_THEY_ARE else 0
            repeats = gone if mess == "duplicated" or mess in ABSENT else 0
            if count := whole + repeats:
                self.doubts.append(
                    f"{self.topic}: {count:,} of {planted.planted:,} planted as {mess} show none of it"
                )
        count, read = self.counts.published, self.counts.audited
        if self.beyond.lost or count < read:
            self.doubts.append(f"{self.topic}: {count:,} published, {read:,} distinct read")


class _Ended:
    """When the shard of each source has ended."""

    def __init__(self, audit: DeliveryAudit, tag: int) -> None:
        ends = {
            int(index): (int(shards), progress.at)
            for (of, shard), progress in audit.ledger.shards.items()
            if int(of or "0", 16) == tag
            for index, shards in [shard.split("/")]
        }
        self._shards = max((shards for shards, _ in ends.values()), default=1)
        self._at = np.zeros(self._shards, dtype=np.int64)
        for index, (_, at) in ends.items():
            self._at[index] = at

    def __call__(self, source: NDArray[np.int64]) -> NDArray[np.int64]:
        ended: NDArray[np.int64] = self._at[source % self._shards]
        return ended


def _losses(audit: DeliveryAudit, topic: str | None = None) -> Iterator[Loss]:
    """Numbers that sources have reached and nobody read, but for those that are held back as planted."""
    for (of, hexadecimal), nexts in (audit.ledger.sources or {}).items():
        if topic not in (None, of):
            continue
        tag = int(hexadecimal or "0", 16)
        seen, held = audit.seen[of, tag], _held(audit, of, tag)
        for source, upto in nexts.items():
            ranges = tuple(_without(seen.missing(source, upto), held.get(source, ())))
            if ranges:
                yield Loss(of, source, ranges)


def _held(audit: DeliveryAudit, topic: str, tag: int) -> dict[int, list[int]]:
    held: dict[int, list[int]] = defaultdict(list)
    if (reckoning := audit.reckonings.get((topic, tag))) is not None:
        for source, number in reckoning.held_numbers(_Ended(audit, tag)):
            held[source].append(number)
    return held


def _without(
    ranges: Iterator[tuple[int, int]], numbers: "list[int] | tuple[()]"
) -> Iterator[tuple[int, int]]:
    """Ranges with some numbers cut out."""
    left = sorted(numbers)
    for first, last in ranges:
        for number in left:
            if first <= number <= last:
                if number > first:
                    yield first, number - 1
                first = number + 1
        if first <= last:
            yield first, last


def _doubts(audit: DeliveryAudit) -> Iterator[str]:
    ledger = audit.ledger
    if not ledger.shards:
        yield "no shard has reported what it published"
    if missing := ledger.missing_shards():
        yield f"these shards have not reported: {', '.join(missing)}"
    if open_shards := ledger.open_shards:
        yield f"these shards have not closed: {', '.join(open_shards)}"
