"""Steering from the page: one proposal at a time, and what became of the latest."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from streams.control.propose import Outcome
from streams.exits import GreenroomError, UsageError

__all__ = ["Answer", "Propose", "Steering"]

_KEPT = 12


Propose = Callable[[Mapping[str, Any]], Outcome]


@dataclass(frozen=True)
class Answer:
    """The answer to a request to steer: an HTTP status, and what it says."""

    status: int
    body: dict[str, Any]


@dataclass
class Steering:
    """Puts what the page asks for to the shards of the run; ``why_not`` says why that cannot be done, if so."""

    propose: Propose | None
    why_not: str = ""
    clock: Callable[[], float] = time.time
    _log: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _busy: Lock = field(default_factory=Lock)

    def steer(self, change: Mapping[str, Any]) -> Answer:
        """Propose a change and wait for the shards; 409 while another is waited for, or if the run is deaf."""
        if self.propose is None or self.why_not:
            return _told(409, self.why_not or "this run cannot be steered")
        if not self._busy.acquire(blocking=False):
            return _told(409, "another change is still waited for")
        try:
            outcome = self.propose(change)
        except UsageError as error:
            return _told(400, str(error))
        except GreenroomError as error:
            return _told(503, str(error))
        finally:
            self._busy.release()
        told = outcome.as_json()
        self._log.append({"asked_at": round(self.clock(), 1), **told})
        return Answer(200 if outcome.in_force else 409, {"error": outcome.reason, **told})

    def as_json(self) -> dict[str, Any]:
        """Whether the run can be steered, and the latest proposals with what became of them, newest first."""
        return {
            "possible": self.propose is not None and not self.why_not,
            "why_not": self.why_not,
            "log": list(reversed(self._log)),
        }


def _told(status: int, error: str) -> Answer:
    return Answer(status, {"error": error})
