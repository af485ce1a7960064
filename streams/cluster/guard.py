"""The guard of the embedded broker, which keeps all in memory: it slows the publisher, then stops it."""

import time
from threading import Event, Thread
from types import TracebackType

from streams.cluster.availability import REMEDIES
from streams.cluster.embedded import EmbeddedBroker
from streams.exits import BrokerOverloadedError, BrokerUnavailableError, GreenroomError

__all__ = ["BrokerGuard"]

SOFT_BYTES = 1_200_000_000
HARD_BYTES = 1_900_000_000
"""Below 2 GB by more than a publisher at full speed adds between two samples."""

_SAMPLE_EVERY_S = 0.5
_LONGEST_PAUSE_S = 1.0
_LEAST_SHARE = 0.01


class BrokerGuard:
    """Watches an embedded broker's memory and data, and tells its publisher to slow down, or to stop.

    >>> with EmbeddedBroker() as broker, BrokerGuard(broker) as guard:
    ...     guard.pause_seconds()
    0.0
    """

    def __init__(
        self, broker: EmbeddedBroker, *, soft_bytes: int = SOFT_BYTES, hard_bytes: int = HARD_BYTES
    ) -> None:
        """Below ``soft_bytes`` nothing is slowed; at ``hard_bytes`` the publisher is stopped."""
        self.broker, self.soft_bytes, self.hard_bytes = broker, soft_bytes, hard_bytes
        self.share = 1.0
        self.error: GreenroomError | None = None
        self.peak_bytes = 0
        self._last = time.monotonic()
        self._ended = Event()
        self._thread = Thread(target=self._watch, name="broker-guard", daemon=True)

    def pause_seconds(self) -> float:
        """How long to wait before the next chunk, so that ``share`` of the full speed is left; cheap to ask.

        Raises :class:`BrokerOverloadedError` (exit 75) once the broker has come near its limit, and
        :class:`BrokerUnavailableError` (exit 69) once it has ended.
        """
        if self.error:
            raise self.error
        if self.share == 1.0:
            self._last = time.monotonic()
            return 0.0
        return self._pause()

    def _pause(self) -> float:
        now = time.monotonic()
        pause = min(_LONGEST_PAUSE_S, (now - self._last) * (1 / self.share - 1))
        self._last = now + pause
        return pause

    def sample(self) -> None:
        """Look at the broker once."""
        if not self.broker.is_running():
            self.error = BrokerUnavailableError(f"the embedded broker has ended by itself.\n{REMEDIES}")
            return
        used = self.broker.resident_bytes() + self.broker.data_bytes()
        self.peak_bytes = max(self.peak_bytes, used)
        left = (self.hard_bytes - used) / (self.hard_bytes - self.soft_bytes)
        self.share = min(1.0, max(_LEAST_SHARE, left))
        if used >= self.hard_bytes:
            self.error = BrokerOverloadedError(_overloaded(used, self.hard_bytes))

    def _watch(self) -> None:
        while self.error is None and not self._ended.wait(_SAMPLE_EVERY_S):
            self.sample()

    def __enter__(self) -> "BrokerGuard":
        self.sample()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()


def _overloaded(used: int, limit: int) -> str:
    return (
        f"the embedded broker holds {used / 1e6:,.0f} MB of the {limit / 1e6:,.0f} MB that it may: it keeps "
        f"all records in memory. Play a shorter time (--for) or fewer events (--rate).\n{REMEDIES}"
    )
