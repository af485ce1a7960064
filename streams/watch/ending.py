"""Endings: when a reader has seen enough."""

import time
from collections.abc import Callable

from streams.watch.audit import DeliveryAudit

__all__ = ["Settling"]

_QUIET_S = 0.3


class Settling:
    """Knows when nothing more will come: all read and a moment quiet, or quiet for the time to settle."""

    def __init__(
        self, audit: DeliveryAudit, settle_s: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._audit, self._settle, self._clock = audit, settle_s, clock
        self._quiet_since = clock()

    def note(self, records: int) -> None:
        """So many records were just read."""
        if records:
            self._quiet_since = self._clock()

    @property
    def quiet_s(self) -> float:
        """Seconds since the last record."""
        return self._clock() - self._quiet_since

    @property
    def complete(self) -> bool:
        """Every shard has closed, and everything it published was read; or what is missing is given up."""
        if not self._audit.ledger.all_closed:
            return False
        return self.quiet_s >= (_QUIET_S if self._audit.complete else self._settle)

    @property
    def settled(self) -> bool:
        """Complete, or so long without a record that an open shard is given up too."""
        return self.complete or self.quiet_s >= self._settle
