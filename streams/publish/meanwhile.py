"""Meanwhile: one piece of work on a thread of its own, whose error is raised where its end is awaited."""

from collections.abc import Callable
from threading import Thread

__all__ = ["Meanwhile"]


class Meanwhile:
    """Work that has begun, and goes on while its owner does something else.

    >>> done = []
    >>> Meanwhile(lambda: done.append("committed")).wait()
    True
    >>> done
    ['committed']
    """

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._error: BaseException | None = None
        # A daemon: a second Ctrl-C ends the program without waiting for a broker.
        self._thread = Thread(target=self._run, name="meanwhile", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:
            self._error = error

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for its end, at most so long; True if it has ended. What it raised is raised here."""
        self._thread.join(seconds)
        if self._thread.is_alive():
            return False
        if self._error is not None:
            raise self._error
        return True
