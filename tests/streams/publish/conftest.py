"""A small world to publish, and a sink that keeps what it is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import pytest

from sim.numbering import seed_tag
from sim.pace import Pace
from sim.scenario import Scenario
from sim.testing import tiny_scenario
from sim.world import World
from streams.codec.json_codec import JsonCodec
from streams.publish.records import Encoder, Records
from streams.publish.run import Run
from streams.publish.schedule import Schedule
from streams.topics import TOPICS

PARTITIONS = {topic.name: topic.partitions for topic in TOPICS}


class Clock:
    """Wall time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Memory:
    """Keeps chunks and progress records; ``slow`` is how long it takes to accept a chunk."""

    clock: Clock = field(default_factory=Clock)
    slow: float = 0.0
    chunks: list[tuple[float, Records]] = field(default_factory=list)
    proofs: list[dict[str, Any]] = field(default_factory=list)
    finished: bool = False
    on_send: Callable[[], None] = lambda: None

    def send(self, records: Records) -> None:
        self.clock.now += self.slow
        self.chunks.append((self.clock.now, records))
        self.on_send()

    def idle(self, seconds: float) -> None:
        assert seconds > 0
        self.clock.now += seconds

    def progress(self, record: dict[str, Any]) -> None:
        self.proofs.append(record)

    def finish(self) -> None:
        self.finished = True

    def lines(self) -> dict[str, list[bytes]]:
        told: dict[str, list[bytes]] = {}
        for _, records in self.chunks:
            told.setdefault(records.topic, []).extend(records.values)
        return told


def codec_of(scenario: Scenario) -> JsonCodec:
    return JsonCodec(seed_tag(scenario.seed), scenario.vocabularies())


def run_of(sink: Any, **given: Any) -> Run:
    """A run of the tiny scenario; ``start`` shifts the live part, ``speed`` and the rest are the run's own."""
    scenario = given.pop("scenario", None) or tiny_scenario()
    codec = codec_of(scenario)
    live_from = scenario.start_ms + given.pop("backfill", 0)
    schedule = Schedule(given.pop("speed", None), live_from, clock=getattr(sink, "clock", Clock()))
    span = given.pop("span", 3_600_000)
    encoder = Encoder(
        codec,
        tag=codec.tag,
        source="/greenroom/tiny",
        partitions=PARTITIONS,
        cloudevents=given.pop("cloudevents", False),
    )
    world = World(scenario, shard=given.pop("shard", (0, 1)), pace=Pace.of(scenario))
    until = None if span is None else live_from + span
    stop, every = given.pop("stop", Event()), given.pop("commit_every_s", 0.0)
    return Run(world, sink, encoder, schedule, until, stop, every, **given)


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture(scope="package")
def hour() -> Memory:
    """An hour of the tiny scenario, whole and undisturbed: what other ways of publishing it are held against."""
    memory = Memory()
    run_of(memory).play()
    return memory


@pytest.fixture(scope="package")
def hour_lines(hour: Memory) -> dict[str, list[bytes]]:
    """The records of that hour by topic."""
    return hour.lines()
