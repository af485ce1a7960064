"""Several sinks at once: each gets what it selects, none waits for another unsaid, and a failure has a name."""

import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import polars as pl
import pytest

from sim.batch import Tick
from sim.testing import tiny_scenario
from streams.metrics import SINK_WAIT_SECONDS
from streams.publish.records import Records
from streams.publish.sinks.branch import Branch
from streams.publish.sinks.fanout import FanOut, TickFanOut
from streams.publish.sinks.flags import chosen_sinks
from streams.publish.sinks.opening import open_sinks
from streams.publish.sinks.plan import RunFacts
from streams.publish.sinks.selection import Selection
from streams.publish.sinks.sink import SinkUnavailableError
from tests.streams.publish.conftest import Clock, Memory, codec_of, run_of

HOUR = 3_600_000


@pytest.fixture
def facts() -> RunFacts:
    scenario = tiny_scenario()
    return RunFacts(
        codec_of(scenario), scenario.vocabularies(), 7, "/greenroom/tiny", (0, 1), scenario.start_ms
    )


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    end = time.monotonic() + 60
    while any(thread.name.startswith("sink ") for thread in threading.enumerate()):
        assert time.monotonic() < end, "a sink's thread is left"
        time.sleep(0.01)


def branch(sink: Any, *, told: list[str] | None = None, places: int = 2, **chosen: set[str]) -> Branch:
    selection = Selection(**{name: frozenset(names) for name, names in chosen.items()})
    return Branch("slow", sink, selection, tell=(told if told is not None else []).append, places=places)


def of_kinds(lines: list[bytes], kinds: set[str]) -> list[bytes]:
    return [line for line in lines if json.loads(line)["kind"] in kinds]


def test_each_sink_has_what_it_selects(
    hour_lines: dict[str, list[bytes]], facts: RunFacts, tmp_path: Path
) -> None:
    memory = Memory()
    texts = [
        "kafka",
        "null",
        f"jsonl:{tmp_path}/content,topics=content,audit",
        f"jsonl:{tmp_path}/plays,kinds=play,complete",
        f"parquet:{tmp_path}/parquet,topics=journeys,kinds=play",
    ]
    sink = open_sinks(chosen_sinks(texts), facts, memory, stop=Event())
    run = run_of(sink)
    run.play()
    assert memory.lines() == hour_lines
    assert memory.finished
    content = tmp_path / "content"
    assert {path.name for path in content.iterdir()} == {"content.jsonl", "audit.jsonl"}
    assert (content / "content.jsonl").read_bytes().splitlines() == hour_lines["content"]
    (plays,) = (tmp_path / "plays").iterdir()
    wanted = of_kinds(hour_lines["journeys"], {"play", "complete"})
    assert plays.read_bytes().splitlines() == wanted
    rows = pl.read_parquet(tmp_path / "parquet" / "**" / "*.parquet")
    meant = [json.loads(line)["event_id"] for line in of_kinds(wanted, {"play"})]
    assert rows["event_id"].to_list() == meant
    assert isinstance(sink, FanOut)
    figures = sink.figures()
    assert figures["null"]["records"] == run.published
    assert figures["null"]["bytes"] == sum(len(line) for lines in hour_lines.values() for line in lines)
    assert figures["jsonl"]["records"] == len(hour_lines["content"])
    assert figures["jsonl-2"]["bytes"] == plays.stat().st_size
    assert figures["parquet"]["records"] == len(rows)


def test_columns_alone_need_no_encoding(
    facts: RunFacts, tmp_path: Path, hour_lines: dict[str, list[bytes]]
) -> None:
    texts = [f"parquet:{tmp_path}/a", f"parquet:{tmp_path}/b,topics=truth"]
    sink = open_sinks(chosen_sinks(texts), facts, None, stop=Event())
    assert isinstance(sink, TickFanOut)
    run_of(sink).play()
    everything, truth = (pl.scan_parquet(tmp_path / name / "*" / "*" / "*") for name in "ab")
    assert truth.select(pl.len()).collect().item() == len(hour_lines["truth"])
    assert {path.name for path in (tmp_path / "a").iterdir()} == set(hour_lines)
    assert everything is not None


@dataclass
class Slow(Memory):
    """Takes its first chunk a second after the run has begun to wait for that, as ``giver`` shows by being idle."""

    giver: Memory = field(default_factory=Memory)

    def send(self, records: Records) -> None:
        if not self.chunks:
            began = Clock().now
            while self.giver.clock.now == began:
                time.sleep(0.01)
            time.sleep(1.1)
        super().send(records)


def test_a_slow_sink_is_counted_and_told_once_and_loses_nothing(hour_lines: dict[str, list[bytes]]) -> None:
    primary, told = Memory(), list[str]()
    slow = Slow(giver=primary)
    before = SINK_WAIT_SECONDS.labels("slow")._value.get()
    fan = FanOut(primary, [branch(slow, told=told, places=1)], stop=Event())
    run_of(fan).play()
    assert slow.lines() == primary.lines() == hour_lines
    figures = fan.figures()["slow"]
    assert figures["waits"] > 0
    assert SINK_WAIT_SECONDS.labels("slow")._value.get() - before == pytest.approx(
        figures["wait_s"], abs=0.01
    )
    assert len(told) == 1
    assert "sink slow holds the run back" in told[0]
    # The primary was served meanwhile: its own clock moves when it is idle.
    assert primary.clock.now > 1000.5


class Failing(Memory):
    """Breaks with its third chunk."""

    def send(self, records: Records) -> None:
        if len(self.chunks) == 2:
            raise SinkUnavailableError("no space left")
        super().send(records)


def test_a_sink_that_fails_ends_the_run_with_its_name() -> None:
    fan = FanOut(Memory(), [branch(Failing()), branch(Memory())], stop=Event())
    with pytest.raises(SinkUnavailableError, match="sink slow: no space left") as raised:
        run_of(fan).play()
    assert raised.value.exit_code == 74
    fan.close()


class Mistaken(Memory):
    """Has a programming error."""

    def progress(self, record: dict[str, Any]) -> None:
        raise ZeroDivisionError


def test_an_error_of_another_kind_has_the_name_too_and_its_cause() -> None:
    fan = FanOut(None, [branch(Mistaken())], stop=Event())
    with pytest.raises(
        SinkUnavailableError, match=re.escape("sink slow failed: ZeroDivisionError()")
    ) as raised:
        run_of(fan).play()
    assert isinstance(raised.value.__cause__, ZeroDivisionError)
    fan.close()


class Sated(Memory):
    """Has enough with its second chunk, as the reader of a pipe may."""

    def send(self, records: Records) -> None:
        if self.chunks:
            raise SystemExit(0)
        super().send(records)


def test_a_reader_that_has_enough_ends_the_run_in_order() -> None:
    primary, stop = Memory(), Event()
    fan = FanOut(primary, [branch(Sated(), places=1)], stop=stop)
    run_of(fan, stop=stop, span=24 * HOUR).play()
    assert stop.is_set()
    assert primary.finished
    assert primary.proofs[-1]["kind"] == "closed"


class Ticks:
    """Keeps the columns of what it is given."""

    def __init__(self) -> None:
        self.ticks: list[Tick] = []

    def take(self, tick: Tick) -> None:
        self.ticks.append(tick)

    def finish(self) -> None: ...


@pytest.mark.parametrize("chunks", [1, 3, 7, 12])
def test_a_run_that_is_stopped_has_the_same_records_in_columns(chunks: int) -> None:
    stop, primary, ticks = Event(), Memory(), Ticks()
    primary.on_send = lambda: stop.set() if len(primary.chunks) >= chunks else None
    fan = FanOut(primary, [branch(ticks, places=50)], stop=stop)
    fan.clock = primary.clock  # type: ignore[attr-defined]
    run_of(fan, stop=stop, span=None, speed=600.0).play()
    given: dict[str, list[int]] = {}
    for tick in ticks.ticks:
        for batch in tick.batches:
            given.setdefault(batch.kind.topic, []).extend(batch.number.tolist())
        assert {topic: len(order) for topic, order in tick.orders.items()} == {
            topic: sum(map(len, tick.on(topic))) for topic in tick.orders
        }
    sent = {
        topic: sorted(int(json.loads(line)["event_id"][11:]) for line in lines)
        for topic, lines in primary.lines().items()
    }
    assert {topic: sorted(numbers) for topic, numbers in given.items()} == sent
