"""Selection: the records that one of several sinks takes, by topic and kind."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.batch import Tick
from sim.events import KINDS
from sim.names import UnknownNameError
from streams.publish.records import Records
from streams.topics import topic_named

__all__ = ["Selection", "first_records", "known_kind", "known_topic"]

_PROGRESS_TOPIC = "audit"


@dataclass(frozen=True)
class Selection:
    """Records of some topics and of some kinds; an empty set stands for all.

    >>> Selection(frozenset({"journeys"}), frozenset({"play"})).takes("journeys", "play")
    True
    """

    topics: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return not self.topics and not self.kinds

    @property
    def progress(self) -> bool:
        """Whether what the shard has published is told too: with everything, or where the topic is asked for."""
        return self.everything or (_PROGRESS_TOPIC in self.topics and not self.kinds)

    @property
    def possible(self) -> bool:
        """Whether any record at all can match."""
        return self.progress or any(self.takes(kind.topic, kind.name) for kind in KINDS)

    def takes(self, topic: str, kind: str) -> bool:
        """Whether records of this kind on this topic are taken."""
        return (not self.topics or topic in self.topics) and (not self.kinds or kind in self.kinds)

    def of_records(self, records: Records) -> Records | None:
        """The chosen ones of some records, or None."""
        chosen = [self.takes(records.topic, kind) for kind in records.kinds]
        if all(chosen):
            return records
        rows = np.flatnonzero(np.array(chosen)[records.kind])
        return records.rows(rows) if len(rows) else None

    def of_tick(self, tick: Tick) -> Tick | None:
        """A tick without the kinds that are not taken, or None."""
        kept = tuple(batch for batch in tick.batches if self.takes(batch.kind.topic, batch.kind.name))
        if len(kept) == len(tick.batches):
            return tick
        orders = {topic: self._order(tick, topic) for topic in {batch.kind.topic for batch in kept}}
        return replace(tick, batches=kept, orders=orders) if kept else None

    def _order(self, tick: Tick, topic: str) -> NDArray[np.int64]:
        stays = np.repeat(
            [self.takes(topic, batch.kind.name) for batch in tick.on(topic)],
            [len(batch) for batch in tick.on(topic)],
        )
        order = tick.orders[topic]
        kept: NDArray[np.int64] = (np.cumsum(stays) - 1)[order[stays[order]]]
        return kept


def first_records(tick: Tick, sent: Mapping[str, int]) -> Tick:
    """A tick without what comes after so many records by topic, as a run that is stopped has sent it."""
    orders: dict[str, NDArray[np.int64]] = {}
    batches = []
    for topic, order in tick.orders.items():
        here = tick.on(topic)
        stays = np.zeros(len(order), dtype=np.bool_)
        stays[order[: sent.get(topic, 0)]] = True
        if stays.any():
            orders[topic] = (np.cumsum(stays) - 1)[order[stays[order]]]
            edges = np.cumsum([len(batch) for batch in here])[:-1]
            batches += [
                batch.rows(np.flatnonzero(part))
                for batch, part in zip(here, np.split(stays, edges), strict=True)
                if part.any()
            ]
    return replace(tick, batches=tuple(batches), orders=orders)


def known_topic(name: str) -> str:
    """A topic's name; :class:`.UnknownNameError` if it is none."""
    return topic_named(name).name


def known_kind(name: str) -> str:
    """A record kind's name; :class:`.UnknownNameError` if it is none."""
    known = {kind.name for kind in KINDS}
    if name not in known:
        raise UnknownNameError("record kind", name, known)
    return name
