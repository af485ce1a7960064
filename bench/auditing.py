"""Auditing: reading a run back and proving its delivery, against publishing that same run."""

from collections.abc import Iterator
from contextlib import ExitStack
from threading import Event

from bench.figure import Figure, measured
from sim.pace import Pace
from sim.scenario_file import load
from streams.cluster.administration import ensure_topics
from streams.cluster.embedded import EmbeddedBroker
from streams.commands.publishing import assembled
from streams.history import history_of
from streams.publish.sinks.kafka import Kafka
from streams.settings import ClusterSettings
from streams.topics import TOPICS
from streams.watch.auditing import audit_run

ROUNDS = 3
SETTLE_S = 1.0
SPAN_MS = 20 * 60_000

_SCENARIO = load("video_service", {"audience.viewers": 250_000})
_PARTITIONS = {topic.name: topic.partitions for topic in TOPICS}


def figures(settings: ClusterSettings | None = None) -> Iterator[Figure]:
    """Records a CPU-second of the audit, and of the publisher on the same broker, just before."""
    with ExitStack() as stack:
        broker = settings or stack.enter_context(EmbeddedBroker()).settings
        rates = [_round(broker, f"audited{turn}") for turn in range(ROUNDS)]
    audit, publisher = (max(found) for found in zip(*rates, strict=True))
    yield Figure(
        "audit_per_cpu_second",
        audit,
        "records/CPU-s",
        "publishing the same run, records a CPU-second",
        audit / publisher,
        ">= 1",
    )


def _round(settings: ClusterSettings, run: str) -> tuple[float, float]:
    ensure_topics(settings, run, history=history_of(_SCENARIO))
    sink = Kafka(settings, run, partitions=_PARTITIONS, patience_s=60, throttle=float)
    play = assembled(
        _SCENARIO,
        Pace.of(_SCENARIO),
        (0, 1),
        sink=None,
        target=sink,
        speed=None,
        span=SPAN_MS,
        backfill=0,
        cloudevents=False,
        stop=Event(),
    )
    with measured() as published:
        play.play()
    with measured() as spent:
        verdict = audit_run(settings, run, settle_s=SETTLE_S)
    if not verdict.proven:
        raise RuntimeError(f"{run} is not proven: {'; '.join(verdict.reasons)}")
    return verdict.total.audited / spent.cpu_s, play.published / published.cpu_s
