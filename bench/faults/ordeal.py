"""The ordeal: rounds of kill -9 under load, and what could be proven in the end."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.faults.faults import faults
from bench.faults.pipeline import Pipeline
from bench.faults.reading import Content, content_of
from streams.cluster.apache import ApacheKafka
from streams.cluster.processes import Scratch

__all__ = ["LOAD", "Ordeal", "ordeal"]

LOAD = [
    *("short_video", "--viewers", "20000", "--rate", "2000", "--speed", "20x"),
    # Uploads with pictures, voices and songs 25 times as often as the scenario has them.
    *("--set", "audience.talk.upload=0.005", "--set", "audience.talk.comment=0.02"),
]
_PROPERTIES = {"broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "500"}
_FIRST_BREATH_S = 8.0


@dataclass(frozen=True)
class Ordeal:
    """What was killed, what the audit says, and what an independent reader found."""

    killed: Counter[str]
    verdict: dict[str, Any]
    content: Content
    elapsed_s: float

    @property
    def survived(self) -> bool:
        """True if nothing is lost or doubled, and every record that asked for media has its answer."""
        return bool(self.verdict["proven"]) and not (self.content.repeated or self.content.unanswered)


def ordeal(
    seed: int,
    rounds: int,
    *,
    nodes: int = 3,
    shards: int = 2,
    java_options: tuple[str, ...] = (),
    tell: Callable[[str], None] = lambda line: None,
) -> Ordeal:
    """So many kills of simulators, the enricher and brokers, on a cluster of its own."""
    began, killed = time.monotonic(), Counter[str]()
    with ExitStack() as stack:
        kafka = stack.enter_context(
            ApacheKafka(nodes=nodes, properties=_PROPERTIES, java_options=java_options, in_memory=True)
        )
        store = Path(stack.enter_context(TemporaryDirectory(prefix="greenroom-faults-")))
        scratch = stack.enter_context(Scratch())
        pipeline = Pipeline(kafka, scratch, run="faults", shards=shards, scenario=LOAD, store=store)
        pipeline.start_all()
        pipeline.await_all()
        time.sleep(_FIRST_BREATH_S)
        for number, fault in enumerate(faults(seed, rounds, list(pipeline.victims))):
            time.sleep(fault.calm_s)
            names = pipeline.victims[fault.victim]
            name = names[number % len(names)]
            tell(f"round {number + 1} of {rounds}: kill -9 {name}, back after {fault.outage_s} s")
            pipeline.kill(name)
            time.sleep(fault.outage_s)
            pipeline.start(name)
            killed[fault.victim] += 1
        pipeline.await_all()
        time.sleep(_FIRST_BREATH_S)
        pipeline.close_shards()
        pipeline.drain()
        return Ordeal(
            killed, pipeline.audit(), content_of(kafka.settings, "faults"), time.monotonic() - began
        )
