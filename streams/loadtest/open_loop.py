"""The open loop: every message leaves when it is meant to, whatever became of those before it."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Sequence
from threading import Event, Thread
from types import TracebackType

from streams.loadtest.exchange import Answer, Exchange, Reply, Transport
from streams.loadtest.metrics import BACKLOG

__all__ = ["OpenLoop"]


class OpenLoop:
    """Sends messages at their times from a thread with an event loop of its own, and keeps what came of them.

    A slow target delays nothing: messages that it has not answered stay outstanding beside the next ones, until their
    deadline (s, from when they left). Messages must be handed over in the order of their times.
    """

    def __init__(self, transport: Transport, *, deadline_s: float) -> None:
        self.transport, self.deadline_s = transport, deadline_s
        self.submitted = self._over = 0
        self._answers: deque[Answer] = deque()
        self._queue: deque[Exchange] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = Event()
        self._failure: Exception | None = None
        self._thread = Thread(target=self._run, name="open loop", daemon=True)

    def __enter__(self) -> "OpenLoop":
        self._thread.start()
        self._ready.wait()
        if self._failure:
            self._thread.join()
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join()

    @property
    def outstanding(self) -> int:
        """Messages that were handed over and are not over yet."""
        return self.submitted - self._over

    def submit(self, exchanges: Sequence[Exchange]) -> None:
        """Messages to send at their times, none of them meant before those that were handed over earlier."""
        self.submitted += len(exchanges)
        self._loop.call_soon_threadsafe(self._take, exchanges)

    def collect(self) -> list[Answer]:
        """What is over since the last call, in the order in which it ended; never waits."""
        return [self._answers.popleft() for _ in range(len(self._answers))]

    def _run(self) -> None:
        asyncio.run(self._live())

    async def _live(self) -> None:
        self._loop, self._ending, self._news = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        try:
            await self.transport.open()
        except Exception as error:  # whatever keeps it from opening is told to whoever opened the loop
            self._failure = error
            return
        finally:
            self._ready.set()
        pacing = asyncio.create_task(self._pace())
        await self._ending.wait()
        for task in (pacing, *self._tasks):
            task.cancel()
        await asyncio.gather(pacing, *self._tasks, return_exceptions=True)
        await self.transport.close()

    def _take(self, exchanges: Sequence[Exchange]) -> None:
        self._queue.extend(exchanges)
        self._news.set()

    async def _pace(self) -> None:
        while True:
            while self._queue and self._queue[0].due <= time.monotonic():
                self._start(self._queue.popleft())
            if self._queue:
                await asyncio.sleep(self._queue[0].due - time.monotonic())
            else:
                self._news.clear()
                await self._news.wait()

    def _start(self, exchange: Exchange) -> None:
        task = asyncio.create_task(self._exchange(exchange))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _exchange(self, exchange: Exchange) -> None:
        sent = time.monotonic()
        try:
            async with asyncio.timeout(self.deadline_s):
                reply = await self.transport.exchange(exchange)
        except TimeoutError:
            reply = Reply(error="timeout")
        except Exception:  # a defect on this side is an error like any other: counted, and no end of the test
            logging.getLogger(__name__).exception("an exchange failed on this side of the wire")
            reply = Reply(error="client_failure")
        self._answers.append(Answer(exchange, sent, time.monotonic(), reply))
        self._over += 1
        BACKLOG.set(self.outstanding)
