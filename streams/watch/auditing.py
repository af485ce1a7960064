"""Auditing a run: reading its topics back from Kafka until the verdict stands."""

from collections.abc import Callable
from threading import Event

from streams.codec.reading import Reader
from streams.settings import ClusterSettings
from streams.watch.audit import DeliveryAudit
from streams.watch.ending import Settling
from streams.watch.feed import Feed
from streams.watch.intake import AUDIT_TOPIC, SOURCE_TOPICS, take, take_progress
from streams.watch.verdict import Verdict

__all__ = ["audit_run"]

_WAIT_FOR_TOPICS_S = 86_400.0
_AT_ONCE = 50_000
"""Records read at once: what is done in columns costs the less a record, the longer they are."""


def audit_run(
    settings: ClusterSettings,
    run: str,
    *,
    follow: bool = False,
    settle_s: float = 10.0,
    lateness_tolerance_ms: int = 60_000,
    patience_s: float = 30.0,
    reader: Reader | None = None,
    stop: Event | None = None,
    on_progress: Callable[[DeliveryAudit], None] = lambda audit: None,
) -> Verdict:
    """The verdict on what the run has published so far; with ``follow``, until every shard has closed.

    Records that have not come after ``settle_s`` seconds without any are lost. After ``patience_s`` without a
    broker it raises :class:`~streams.exits.BrokerUnavailableError` if there is no broker and
    :class:`~streams.exits.UsageError` if there is no such run.
    """
    stop = stop or Event()
    audit = DeliveryAudit(lateness_tolerance_ms=lateness_tolerance_ms)
    settling = Settling(audit, settle_s)
    topics = (*SOURCE_TOPICS, AUDIT_TOPIC)
    with Feed(settings, run, topics, patience_s=patience_s, reader=reader) as feed:
        feed.open(wait_s=_WAIT_FOR_TOPICS_S if follow else 0.0, stop=stop)
        while not (stop.is_set() or settling.complete or (settling.settled and feed.at_end and not follow)):
            settling.note(_read(feed, audit))
            on_progress(audit)
        if not stop.is_set() and not audit.complete:
            audit.note_offsets(feed.offsets())
    return audit.verdict(settled=not stop.is_set())


def _read(feed: Feed, audit: DeliveryAudit) -> int:
    chunks = feed.read(_AT_ONCE)
    for chunk in chunks:
        if chunk.topic == AUDIT_TOPIC:
            take_progress(audit, chunk)
        else:
            take(audit, chunk)
    return sum(map(len, chunks))
