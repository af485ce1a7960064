"""A run: ticks of a world to a sink, at the pace asked for, until its end or a signal."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import numpy as np

from sim.batch import Tick
from sim.world import World
from streams.control.steering import Steering
from streams.metrics import BYTES_PUBLISHED, LATENESS_SECONDS, PUBLISHED, SIMULATED_TIME
from streams.progress import Progress
from streams.publish.ahead import Ahead
from streams.publish.checkpoints import Checkpoints
from streams.publish.commits import Commits
from streams.publish.ledger import Ledger
from streams.publish.records import Encoder, Records
from streams.publish.schedule import Lateness, Schedule
from streams.publish.sinks.fanout import FanOut
from streams.publish.sinks.selection import first_records
from streams.publish.sinks.sink import RecordSink, TickAware, TickSink
from streams.tracing import exemplar, span

__all__ = ["Run"]

_CHUNK = 10_000
_STEP_S = 0.02


@dataclass
class Run:
    """Publishes a world until the simulated time ``until`` (epoch ms, or None for ever) or until ``stop`` is set.

    A stopped run ends cleanly: what it began to send is delivered, and its ledger is closed.
    """

    world: World
    sink: RecordSink | TickSink
    encoder: Encoder
    schedule: Schedule
    until: int | None
    stop: Event = field(default_factory=Event)
    commit_every_s: float = 1.0
    """Wall seconds after which the sink is told how far the run has got."""
    resumed: Progress | None = None
    """What an earlier process of the shard has committed: the world is acted out until there, and nothing sent."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What stands in every progress record beside the progress."""
    checkpoints: Checkpoints | None = None
    """Where the state of the world is kept now and then."""
    controls: Steering | None = None
    """What changes the world while it is played, and its pace."""

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.world.shard, self.encoder.tag)
        self.lateness, self._recent = Lateness(), Lateness()
        self.published = 0
        self.by_topic: Counter[str] = Counter()
        self.at = self.world.stage.tick * self.world.pace.span if self.resumed is None else self.resumed.at
        self.elapsed_s = 0.0

    def play(self) -> None:
        """Publish tick after tick."""
        began = time.perf_counter()
        try:
            if isinstance(self.sink, TickSink):
                self._take_ticks(self.sink)
            else:
                self._send_ticks(self.sink)
            self.sink.finish()
            if self.checkpoints is not None:
                self.checkpoints.committed()
        finally:
            self.elapsed_s = time.perf_counter() - began

    def _ticks(self, idle: Callable[[], None] = lambda: None) -> Iterator[Tick]:
        for tick in self.world.ticks() if self.controls is None else self.controls.steered(idle=idle):
            if self.until is not None and tick.at >= self.until:
                return
            played = tick if self.until is None else tick.until(self.until)
            if self.resumed is None or tick.index >= self.resumed.tick:
                yield played
            elif isinstance(self.sink, FanOut):
                # The primary has these; what else records go to may have lost what was on its way.
                self.sink.again(self.encoder.records(played))
                self.sink.tick_sent(played)
            if self.stop.is_set():
                return

    def _take_ticks(self, sink: TickSink) -> None:
        for tick in self._ticks():
            sink.take(tick)
            self.published += len(tick)
            for batch in tick.batches:
                self.by_topic[batch.kind.topic] += len(batch)
            self.at = self._end(tick)
            if self.stop.is_set():
                return

    def _send_ticks(self, sink: RecordSink) -> None:
        commits = self._commits(sink)

        def idle() -> None:
            # A transaction that waited for the end of a pause would be given up by the cluster.
            commits.consider(paced=True)

        # A paced run prepares the next tick while this one plays; at full speed there is no time to fill.
        ahead = self.schedule.speed is not None
        source = self._ticks() if ahead else self._ticks(idle)
        encoded = self._encoded(source)
        ticks = Ahead(encoded, idle) if ahead else encoded
        for tick, topics in ticks:
            left = commits.begin(tick, self._end(tick), topics)
            if isinstance(sink, FanOut):
                self._tell_others(sink, tick, commits, topics)
            with span("publish tick", greenroom__tick=tick.index, greenroom__records=len(tick)):
                self._send_tick(commits, left)
            if isinstance(sink, TickAware):
                sink.tick_sent(first_records(tick, commits.rows))
            if self.stop.is_set():
                break
            self.at = self._end(tick)
            commits.end_tick()
        if self.checkpoints is not None and self.stop.is_set() and commits.next_tick == self.world.stage.tick:
            self.checkpoints.make(self.world, commits.next_tick)
        commits.close()

    def _tell_others(self, sink: FanOut, tick: Tick, commits: Commits, topics: list[Records]) -> None:
        """What others than the primary need before a tick: an end of their files, and what an earlier process sent."""
        if self.checkpoints is not None and self.checkpoints.stands_before(tick.index):
            sink.complete(tick.index)
        sink.again(records[: commits.rows[records.topic]] for records in topics)

    def _encoded(self, ticks: Iterator[Tick]) -> Iterator[tuple[Tick, list[Records]]]:
        for tick in ticks:
            yield tick, list(self.encoder.records(tick))
            if self.checkpoints is not None:
                self.checkpoints.consider(self.world, tick.index + 1)

    def _commits(self, sink: RecordSink) -> Commits:
        clock, begun = self.schedule.clock, self.world.stage.tick
        commits = Commits(
            sink,
            self.ledger,
            self.commit_every_s,
            self.at,
            begun,
            clock,
            self.facts,
            self.checkpoints,
            self._measured,
        )
        if self.resumed is not None:
            commits.go_on_from(self.resumed)
        return commits

    def _end(self, tick: Tick) -> int:
        return tick.end if self.until is None else min(tick.end, self.until)

    def _send_tick(self, commits: Commits, topics: list[Records]) -> None:
        last = [int(records.leaves[-1]) for records in topics]
        for records, at in zip(topics, last, strict=True):
            if not self.schedule.paced(at):
                self._send_now(commits, records)
        if paced := [records for records, at in zip(topics, last, strict=True) if self.schedule.paced(at)]:
            self._send_on_time(commits, paced)

    def _send_now(self, commits: Commits, records: Records) -> None:
        for start in range(0, len(records), _CHUNK):
            # Who has checkpoints ends with a whole tick, after which another process goes on at once.
            if self.stop.is_set() and self.checkpoints is None:
                return
            self._send(commits, records[start : start + _CHUNK])
            commits.consider(paced=False)

    def _send_on_time(self, commits: Commits, topics: list[Records]) -> None:
        sent = [0] * len(topics)
        due = [self.schedule.intended(records.leaves) for records in topics]
        while not self.stop.is_set():
            now = self.schedule.clock()
            ready = [
                min(int(np.searchsorted(times, now, "right")), place + _CHUNK)
                for times, place in zip(due, sent, strict=True)
            ]
            for number, (records, place, end) in enumerate(zip(topics, sent, ready, strict=True)):
                if end > place:
                    self._send(commits, records[place:end])
                    # Only now have they left: a sink that is slow to take them makes them late.
                    self._note(self.schedule.clock() - due[number][place:end])
            sent = ready
            commits.consider(paced=True)
            left = [times[place] for times, place in zip(due, sent, strict=True) if place < len(times)]
            if not left:
                return
            wait = min(left) - self.schedule.clock()
            if wait > 0:
                commits.sink.idle(min(max(wait, _STEP_S), 0.25))

    def _note(self, lateness: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> None:
        self.lateness.note(lateness)
        self._recent.note(lateness)
        LATENESS_SECONDS.observe(max(0.0, float(lateness.mean())), exemplar())

    def _measured(self) -> dict[str, Any]:
        """How late records left since this was last asked; nothing if none had an intended time."""
        recent, self._recent = self._recent, Lateness()
        return {"lateness": recent.summary()} if recent.records else {}

    def _send(self, commits: Commits, records: Records) -> None:
        if len(leaving := records.sent()):
            commits.sink.send(leaving)
        commits.sent(records)
        self.published += len(records)
        self.by_topic[records.topic] += len(records)
        self.at = max(self.at, int(records.leaves[-1]))
        for name, count in zip(
            records.kinds, np.bincount(records.kind, minlength=len(records.kinds)).tolist(), strict=True
        ):
            PUBLISHED.labels(records.topic, name).inc(count)
        BYTES_PUBLISHED.labels(records.topic).inc(sum(map(len, records.values)))
        SIMULATED_TIME.set(self.at / 1000)

    def summary(self) -> dict[str, Any]:
        """The run in numbers: what was published, how fast, and how late."""
        seconds = max(self.elapsed_s, 1e-9)
        return {
            "published": self.published,
            "by_topic": dict(self.by_topic),
            "elapsed_s": round(self.elapsed_s, 3),
            "events_per_s": round(self.published / seconds, 1),
            "simulated_until": self.at,
            "lateness": self.lateness.summary(),
        }
