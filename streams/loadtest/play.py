"""Playing a stream of requests to a target: each one meant by the profile, judged by whoever knows the contract."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Event
from typing import Any

from streams.loadtest.arrivals import Arrivals
from streams.loadtest.batches import Batching
from streams.loadtest.exchange import Answer, Exchange
from streams.loadtest.measurements import Measurements
from streams.loadtest.open_loop import OpenLoop

__all__ = ["Play"]

_AHEAD_S = 0.5
_LOOK_S = 0.01
_LEAD_S = 0.3
_CHUNK_S = 0.02
"""Load that is written at a time: while it is, the thread that sends has to wait for its turns."""

Judge = Callable[[Answer], Sequence[str | None]]
Write = Callable[[Sequence[Any]], tuple[str, bytes]]


@dataclass
class Play:
    """Requests to an open loop at their intended times, until the profile, the requests or ``stop`` end it.

    ``write`` makes the key and body of one message from the requests gathered for it; ``judge`` says of each request
    what was wrong with its answer (None: nothing), of messages that were answered at all, and may keep what it learns.
    Messages carry their requests as ``context``. Requests are drawn from their iterator half a second ahead.
    """

    loop: OpenLoop
    arrivals: Arrivals
    requests: Iterator[Any]
    write: Write
    judge: Judge
    batching: Batching = field(default_factory=Batching)
    stop: Event = field(default_factory=Event)

    def play(self) -> Measurements:
        """Send all, wait for what is outstanding (at most the deadline), and return what was measured."""
        began = time.monotonic() + _LEAD_S
        measured = Measurements(self.arrivals.profile, began=began)
        chunk = max(1, round(self.arrivals.profile.peak * _CHUNK_S))
        horizon = began
        for exchanges in self._messages(began, chunk):
            # Far enough ahead that nothing is late, near enough that a stop takes hold and memory stays small.
            while horizon - time.monotonic() > _AHEAD_S and not self.stop.wait(_LOOK_S):
                self._take(measured)
            if self.stop.is_set():
                break
            self.loop.submit(exchanges)
            horizon = exchanges[-1].due
            self._take(measured)
        self._wait(measured)
        return measured

    def _messages(self, began: float, chunk: int) -> Iterator[list[Exchange]]:
        while len(times := self.arrivals.take(chunk) + began):
            requests = list(islice(self.requests, len(times)))
            if not requests:
                return
            times = times[: len(requests)]
            yield [
                Exchange(*self.write(requests[a:b]), due, times[a:b], requests[a:b])
                for a, b, due in self.batching.messages(times)
            ]

    def _take(self, measured: Measurements) -> None:
        for answer in self.loop.collect():
            self._over += 1
            measured.note(answer, None if answer.reply.error else self.judge(answer))

    def __post_init__(self) -> None:
        # A loop may have served another play before.
        self._over = self.loop.submitted

    def _wait(self, measured: Measurements) -> None:
        while self._over < self.loop.submitted:
            self._take(measured)
            time.sleep(_LOOK_S)
