"""Ahead: the next tick is simulated and encoded on a thread of its own while the present one is sent."""

from collections.abc import Iterator
from queue import Full, Queue
from threading import Event, Thread
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
        self._queue: Queue[tuple[Item | None, BaseException | None]] = Queue(maxsize=1)
        self._closed = Event()

    def __iter__(self) -> Iterator[Item]:
        thread = Thread(target=self._work, name="ahead", daemon=True)
        thread.start()
        try:
            while True:
                item, error = self._queue.get()
                if isinstance(error, StopIteration):
                    return
                if error is not None:
                    raise error
                assert item is not None
                yield item
        finally:
            self._closed.set()
            thread.join()

    def _work(self) -> None:
        try:
            for item in self._items:
                if not self._put((item, None)):
                    return
            self._put((None, StopIteration()))
        except BaseException as error:
            self._put((None, error))

    def _put(self, entry: tuple[Item | None, BaseException | None]) -> bool:
        while not self._closed.is_set():
            try:
                self._queue.put(entry, timeout=0.1)
            except Full:
                continue
            return True
        return False
