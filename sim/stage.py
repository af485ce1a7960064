"""The stage: where actors leave their events, to be put in order, numbered and handed over tick by tick."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from sim.batch import Columns, EventBatch, Tick, concatenated, taken
from sim.calendar import Calendar
from sim.events import KINDS, RecordKind, kind_named
from sim.mess.planting import Planting
from sim.numbering import Numbering, event_ids, seed_tag

__all__ = ["LABELS", "Stage"]

LABELS = (
    "policy",
    "function",
    "operators",
    "campaign",
    "role",
    "violating",
    "pair",
    "tier",
    "dialect",
)
_LABEL = kind_named("truth", "label")
_TRUTH = "truth"


class Stage:
    """Events of the present tick and of later ones; keeps only those of the sources that this shard owns.

    Content carries its labels in columns of its own (``LABELS``) until its events have their ids; then the stage
    moves them to records of the ``truth`` topic, which the system under test does not read.

    ``departures`` is when viewers (by number) were or will be forgotten: nothing is written in their name from then on.
    While the stage is ``silent`` the past is acted out once more, and nothing of it is heard.
    """

    def __init__(
        self,
        seed: int,
        *,
        span: int,
        sources: int,
        shard: tuple[int, int],
        planting: Planting | None = None,
    ) -> None:
        """``planting`` spoils and adds records on their way to their topics."""
        self.span, self.shard, self.tag, self.planting = span, shard, seed_tag(seed), planting
        self._now: dict[RecordKind, list[Columns]] = {kind: [] for kind in KINDS}
        self._later = {kind: Calendar(span) for kind in KINDS}
        self._numbering = {topic: Numbering(sources) for topic in dict.fromkeys(kind.topic for kind in KINDS)}
        self.tick = 0
        self.departures: dict[int, int] = {}
        self.silent = False

    def owns(self, source: int) -> bool:
        """True if this shard emits the events of a source; while the stage is silent it emits none."""
        return not self.silent and source % self.shard[1] == self.shard[0]

    def emit(self, kind: RecordKind, columns: Columns) -> None:
        """Leave events with their columns ``at`` and ``source``; those of later ticks are kept until then."""
        if self.silent:
            return
        if self.shard[1] > 1:
            columns = taken(columns, np.flatnonzero(columns["source"] % self.shard[1] == self.shard[0]))
        if self.departures and kind.topic == "content":
            columns = taken(columns, np.flatnonzero(self._alive(columns)))
        if not len(columns["at"]):
            return
        later = columns["at"] >= (self.tick + 1) * self.span
        if later.any():
            self._later[kind].put(taken(columns, np.flatnonzero(later)))
            columns = taken(columns, np.flatnonzero(~later))
        if len(columns["at"]):
            self._now[kind].append(columns)

    def _alive(self, columns: Columns) -> NDArray[np.bool_]:
        who, at = columns["user_id"].tolist(), columns["at"].tolist()
        return np.array(
            [time < self.departures.get(viewer, time + 1) for viewer, time in zip(who, at, strict=True)],
            dtype=np.bool_,
        )

    def take(self) -> list[EventBatch]:
        """What the present tick holds, without order and numbers."""
        return [
            _batch(kind, columns, np.zeros(len(columns["at"]), np.int64))
            for kind, columns in self._drafts().items()
        ]

    def close(self) -> Tick:
        """End the present tick: its events in order and numbered; the next tick begins."""
        drafts, planting = self._drafts(), self.planting
        added = planting.flood(drafts, self.tick, self.shard, self.departures) if planting else []
        # The truth names events by their numbers, and so gets its own last.
        orders, numbers = self._numbered(drafts, lambda topic: topic != _TRUTH)
        if _LABEL in drafts:
            self._name_subjects(drafts, numbers)
        marks = planting.hit(drafts, numbers, added) if planting else {}
        truth, names = self._numbered(drafts, lambda topic: topic == _TRUTH)
        orders, numbers = orders | truth, numbers | names
        batches = {
            kind: _batch(kind, columns, numbers[kind], marks.get(kind)) for kind, columns in drafts.items()
        }
        if planting:
            batches, orders = self._leaving(planting, batches, orders)
        tick = Tick(self.tick, self.tick * self.span, self.span, tuple(batches.values()), orders)
        self.tick += 1
        return tick

    def _drafts(self) -> dict[RecordKind, Columns]:
        drafts: dict[RecordKind, Columns] = {}
        for kind, parts in self._now.items():
            due = self._later[kind].pop(self.tick)
            parts = [due, *parts] if due else parts
            if parts:
                drafts[kind] = concatenated(parts)
                self._now[kind] = []
        labelled = [_labels(columns) for kind, columns in drafts.items() if kind.topic == "content"]
        if labelled:
            drafts[_LABEL] = concatenated(labelled)
        return drafts

    def _numbered(
        self, drafts: dict[RecordKind, Columns], wanted: Callable[[str], bool]
    ) -> tuple[dict[str, NDArray[np.int64]], dict[RecordKind, NDArray[np.int64]]]:
        """Order and numbers of the events of the topics that are wanted."""
        orders: dict[str, NDArray[np.int64]] = {}
        numbers: dict[RecordKind, NDArray[np.int64]] = {}
        for topic, kinds in _by_topic(drafts).items():
            if wanted(topic):
                orders[topic] = order = self._order([drafts[kind]["at"] for kind in kinds])
                source = np.concatenate([drafts[kind]["source"] for kind in kinds])
                number = self._numbering[topic].assign(source, order)
                edges = np.cumsum([len(drafts[kind]["at"]) for kind in kinds])[:-1]
                numbers.update(zip(kinds, np.split(number, edges), strict=True))
        return orders, numbers

    def _order(self, times: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        return _in_order(np.concatenate(times) - self.tick * self.span, self.span)

    def _leaving(
        self,
        planting: Planting,
        batches: dict[RecordKind, EventBatch],
        orders: dict[str, NDArray[np.int64]],
    ) -> tuple[dict[RecordKind, EventBatch], dict[str, NDArray[np.int64]]]:
        """The events that leave in this tick, in the order in which they do."""
        left = planting.leaving(self.tick, batches)
        changed = {kind.topic for kind in {**batches, **left} if left.get(kind) is not batches.get(kind)}
        return left, {
            topic: self._order([left[kind].leaves for kind in kinds]) if topic in changed else orders[topic]
            for topic, kinds in _by_topic(left).items()
        }

    def _name_subjects(
        self, drafts: dict[RecordKind, Columns], numbers: dict[RecordKind, NDArray[np.int64]]
    ) -> None:
        content = [kind for kind in drafts if kind.topic == "content"]
        subjects = [
            name
            for kind in content
            for name in event_ids(
                self.tag, "content", drafts[kind]["source"].tolist(), numbers[kind].tolist()
            )
        ]
        drafts[_LABEL]["subject"] = np.array(subjects, dtype=object)


def _batch(
    kind: RecordKind, columns: Columns, number: NDArray[np.int64], mess: Columns | None = None
) -> EventBatch:
    return EventBatch(kind, columns.pop("at"), columns.pop("source"), columns, number, mess)


def _labels(columns: Columns) -> Columns:
    count = len(columns["at"])
    label = {name: columns.pop(name) for name in LABELS}
    topic = np.full(count, "content", dtype=object)
    return {
        "at": columns["at"],
        "source": columns["source"],
        "subject": np.full(count, "", dtype=object),
        "topic": topic,
        **label,
    }


def _by_topic(drafts: Iterable[RecordKind]) -> dict[str, list[RecordKind]]:
    topics: dict[str, list[RecordKind]] = {}
    for kind in drafts:
        topics.setdefault(kind.topic, []).append(kind)
    return topics


def _in_order(offset: NDArray[np.int64], span: int) -> NDArray[np.int64]:
    # Two stable passes by 16 bits each: NumPy sorts 16-bit integers by radix, three times faster than 64-bit ones.
    low = np.argsort((offset & 0xFFFF).astype(np.uint16), kind="stable")
    if span <= 2**16:
        return low
    return low[np.argsort((offset >> 16)[low].astype(np.uint16), kind="stable")]
