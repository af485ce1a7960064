"""A branch: one of several sinks, on a thread of its own behind a queue of bounded length."""

import time
from collections.abc import Callable
from functools import partial
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any

from sim.batch import Tick
from streams.exits import GreenroomError
from streams.metrics import SINK_WAIT_SECONDS
from streams.publish.records import Records
from streams.publish.sinks.selection import Selection
from streams.publish.sinks.sink import (
    Accountable,
    Completing,
    RecordSink,
    SinkUnavailableError,
    TickAware,
    TickSink,
)

__all__ = ["Branch"]

_PLACES = 8
_LOOK_S = 0.2
_PAUSE_S = 0.02
_WORTH_TELLING_S = 1.0

Job = Callable[[], None]


class Branch:
    """Takes what a selection lets through and hands it to its sink elsewhere.

    A queue that is full makes the giver wait: nothing is dropped, and memory stays bounded. How often and how long is
    counted, and told once when it comes to a second. What goes wrong in the sink is raised where the next record
    is given.
    """

    def __init__(
        self,
        name: str,
        sink: RecordSink | TickSink,
        selection: Selection,
        *,
        tell: Callable[[str], None],
        places: int = _PLACES,
    ) -> None:
        """``tell`` gets a sentence for the user; at most ``places`` chunks or ticks wait."""
        self.name, self.sink, self.selection, self._tell = name, sink, selection, tell
        self.records = self.bytes = self.waits = 0
        self.waited_s = 0.0
        self._told = False
        self._completing = 0
        self._jobs: Queue[Job] = Queue(places)
        self._closed = Event()
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._work, name=f"sink {name}", daemon=True)
        self._thread.start()

    @property
    def takes_ticks(self) -> bool:
        """Whether its sink takes columns instead of records."""
        return isinstance(self.sink, TickSink)

    @property
    def sated(self) -> bool:
        """Whether its reader has enough, as that of a pipe may: what else it is given is dropped."""
        return isinstance(self._failure, SystemExit)

    def send(self, records: Records, serve: Callable[[float], None]) -> None:
        """Hand over a chunk; ``serve`` is called with the seconds to pass while the queue is full."""
        assert not isinstance(self.sink, TickSink)
        if chosen := self.selection.of_records(records.sent()):
            self.records += len(chosen)
            self.bytes += sum(map(len, chosen.values))
            self._put(partial(self.sink.send, chosen), serve)

    def take(self, tick: Tick, serve: Callable[[float], None]) -> None:
        """Hand over a tick in columns; ``serve`` as with records."""
        assert isinstance(self.sink, TickSink)
        if chosen := self.selection.of_tick(tick):
            self.records += sum(len(batch.sent()) for batch in chosen.batches)
            self._put(partial(self.sink.take, chosen), serve)

    def tick_sent(self, tick: Tick, serve: Callable[[float], None]) -> None:
        """Say that a tick was sent: handed over in columns to a sink that takes them, told to one that asks."""
        if isinstance(self.sink, TickSink):
            self.take(tick, serve)
        elif isinstance(self.sink, TickAware):
            self._put(partial(self.sink.tick_sent, tick), serve)

    def progress(self, record: dict[str, Any], serve: Callable[[float], None]) -> None:
        """Hand over what the shard has published so far; its last word is kept only by who takes that topic."""
        assert not isinstance(self.sink, TickSink)
        told = record if self.selection.progress else {**record, "kind": "progress"}
        self._put(partial(self.sink.progress, told), serve)

    def complete(self, serve: Callable[[float], None]) -> None:
        """Ask the sink to write all that it was given so far; :meth:`await_complete` waits for it."""
        if isinstance(self.sink, Completing):
            self._completing += 1
            self._put(partial(self._complete, self.sink), serve)

    def await_complete(self, serve: Callable[[float], None]) -> None:
        """Wait until the sink has written what it was asked to."""
        if self._completing:
            began = time.monotonic()
            while self._completing and not self.sated:
                serve(_PAUSE_S)
                self.check()
            self._note_wait(time.monotonic() - began)

    def _complete(self, sink: Completing) -> None:
        sink.complete()
        self._completing -= 1

    def finish(self) -> None:
        """Let the sink finish; :meth:`join` waits for it."""
        self._put(self._finish, time.sleep, counted=False)

    def join(self) -> None:
        """Wait until the sink has finished, and raise what went wrong."""
        self._thread.join()
        self.check()

    def close(self) -> None:
        """End the thread after what it is doing; nothing more is handed over."""
        self._closed.set()

    def check(self) -> None:
        """Raise what went wrong in the sink, naming it."""
        if self._failure is None or self.sated:
            return
        if isinstance(self._failure, GreenroomError):
            told = type(self._failure)(f"sink {self.name}: {self._failure}")
            raise told from self._failure
        raise SinkUnavailableError(f"sink {self.name} failed: {self._failure!r}") from self._failure

    def figures(self) -> dict[str, float]:
        """The branch in numbers, for the run's summary."""
        more = self.sink.figures() if isinstance(self.sink, Accountable) else {}
        waits = {"waits": self.waits, "wait_s": round(self.waited_s, 3)}
        return {"records": self.records, "bytes": self.bytes, **more, **waits}

    def _put(self, job: Job, serve: Callable[[float], None], *, counted: bool = True) -> None:
        self.check()
        try:
            self._jobs.put_nowait(job)
        except Full:
            began = time.monotonic()
            while self._jobs.full():  # nobody else puts anything in
                serve(_PAUSE_S)
                self.check()
            self._jobs.put_nowait(job)
            if counted:
                self._note_wait(time.monotonic() - began)

    def _note_wait(self, seconds: float) -> None:
        self.waits += 1
        self.waited_s += seconds
        SINK_WAIT_SECONDS.labels(self.name).inc(seconds)
        if self.waited_s >= _WORTH_TELLING_S and not self._told:
            self._told = True
            self._tell(
                f"sink {self.name} holds the run back: {self.waited_s:.1f} s so far; metrics and the summary count it"
            )

    def _work(self) -> None:
        while not self._closed.is_set():
            try:
                job = self._jobs.get(timeout=_LOOK_S)
            except Empty:
                job = self._rest
            if self._failure is None or job == self._finish:
                self._do(job)

    def _do(self, job: Job) -> None:
        try:
            job()
        except BaseException as error:  # raised again where the next record is given
            self._failure = self._failure or error

    def _rest(self) -> None:
        if not isinstance(self.sink, TickSink):
            self.sink.idle(_PAUSE_S)

    def _finish(self) -> None:
        self._closed.set()
        if self._failure is None:
            self.sink.finish()
