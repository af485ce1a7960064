"""Ahead: the next tick is simulated and encoded on a thread of its own while the present one is sent."""

from collections.abc import Iterator
from queue import SimpleQueue
from threading import Event, Semaphore, Thread
from typing import Generic, TypeVar

__all__ = ["Ahead"]

Item = TypeVar("Item")


class Ahead(Generic[Item]):
    """An iterator that prepares at most one item more than was asked for; errors are raised where they are asked for.

    >>> list(Ahead(iter([1, 2, 3])))
    [1, 2, 3]
    """

    def __init__(self, items: Iterator[Item]) -> None:
        self._items = items
        self._queue: SimpleQueue[tuple[Item | None, BaseException | None]] = SimpleQueue()
        self._wanted = Semaphore(1)
        self._closed = Event()

    def __iter__(self) -> Iterator[Item]:
        thread = Thread(target=self._work, name="ahead", daemon=True)
        thread.start()
        try:
            while True:
                self._wanted.release()
                item, error = self._queue.get()
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

    def _work(self) -> None:
        while self._wanted.acquire() and not self._closed.is_set():
            try:
                self._queue.put((next(self._items), None))
            except BaseException as error:
                self._queue.put((None, error))
                return
