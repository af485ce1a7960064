"""Ahead: the next tick is simulated and encoded on a thread of its own while the present one is sent."""

from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Event, Semaphore, Thread
from typing import Generic, TypeVar

__all__ = ["Ahead"]

Item = TypeVar("Item")

_IDLE_S = 0.1


class Ahead(Generic[Item]):
    """An iterator that prepares at most one item more than was asked for; errors are raised where they are asked for.

    ``idle`` is called now and then while the next item is waited for.

    >>> list(Ahead(iter([1, 2, 3])))
    [1, 2, 3]
    """

    def __init__(self, items: Iterator[Item], idle: Callable[[], None] = lambda: None) -> None:
        self._items, self._idle = items, idle
        self._queue: SimpleQueue[tuple[Item | None, BaseException | None]] = SimpleQueue()
        self._wanted = Semaphore(1)
        self._closed = Event()

    def __iter__(self) -> Iterator[Item]:
        thread = Thread(target=self._work, name="ahead", daemon=True)
        thread.start()
        try:
            while True:
                self._wanted.release()
                item, error = self._next()
                if isinstance(error, StopIteration):
                    return
                if error is not None:
                    raise error
                assert item is not None
                yield item
        finally:
            self._closed.set()
            self._wanted.release()
            thread.join()

    def _next(self) -> tuple[Item | None, BaseException | None]:
        while True:
            try:
                return self._queue.get(timeout=_IDLE_S)
            except Empty:
                self._idle()

    def _work(self) -> None:
        while self._wanted.acquire() and not self._closed.is_set():
            try:
                self._queue.put((next(self._items), None))
            except BaseException as error:
                self._queue.put((None, error))
                return
