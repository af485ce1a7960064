"""An exchange: one message to the target and what came of it."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["WIRE_ERRORS", "Answer", "Exchange", "Reply", "Transport"]

WIRE_ERRORS = (
    *(
        "timeout",
        "connection_refused",
        "connection_reset",
        "connection_lost",
        "no_connection",
        "unknown_host",
    ),
    *("cut_short", "not_http", "http_*", "queue_full", "not_delivered", "client_failure"),
)
"""Every kind of error that the wire can give."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message and when it is meant to leave; it carries one request, or several that were gathered for it.

    ``due`` and ``intended`` are seconds on the monotonic clock: when the message is to leave, and when each of its
    requests was meant (before ``due`` if they waited to be gathered). ``context`` comes back with the answer.
    """

    key: str
    body: bytes
    due: float
    intended: NDArray[np.float64]
    context: Any = field(default=None, compare=False)

    @classmethod
    def single(cls, key: str, body: bytes, due: float, context: Any = None) -> "Exchange":
        """A message with one request, which leaves when it is meant."""
        return cls(key, body, due, np.array([due]), context)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the wire gave: a body, or the kind of error that there was instead of one (:data:`WIRE_ERRORS`).

    ``retry_after`` is what the target asked for (s); nothing is ever sent again.
    """

    body: bytes = b""
    error: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An exchange that is over: when it really left, when it was over (monotonic s), and the reply."""

    exchange: Exchange
    sent: float
    done: float
    reply: Reply


class Transport(Protocol):
    """A way to reach a target; all of it runs on the loop's own thread."""

    late: int
    """Answers that came when nobody waited for them any more; 0 where such answers cannot be told."""

    async def open(self) -> None:
        """Connect, as far as that is possible before the first message."""

    async def exchange(self, exchange: Exchange) -> Reply:
        """Send one message and wait for its reply, for as long as it takes: the loop ends it at its deadline."""

    async def close(self) -> None:
        """Let go of all connections."""
