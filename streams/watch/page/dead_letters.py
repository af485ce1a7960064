"""Dead letters: how many there are, and why the latest could not be processed."""

from collections import deque
from typing import Any

import orjson

__all__ = ["DeadLetters"]

_KEPT = 8
_MOST_TEXT = 200


class DeadLetters:
    """The latest dead letters, as much as a page shows of them.

    >>> letters = DeadLetters()
    >>> letters.take(b'{"source": "catalog", "reason": "bad_params"}')
    >>> letters.as_json(1)["latest"][0]["reason"]
    'bad_params'
    """

    def __init__(self) -> None:
        self._latest: deque[dict[str, str]] = deque(maxlen=_KEPT)

    def take(self, value: bytes) -> None:
        """Take a record of the topic ``dead_letters``; one that cannot be read is itself a thing to be told."""
        try:
            record = orjson.loads(value)
            told = {name: str(record.get(name, ""))[:_MOST_TEXT] for name in ("source", "reason", "message")}
        except (orjson.JSONDecodeError, AttributeError):
            told = {"source": "", "reason": "unreadable", "message": repr(value[:60])}
        self._latest.append(told)

    def as_json(self, count: int) -> dict[str, Any]:
        """How many there are in all, and the latest, newest first."""
        return {"count": count, "latest": list(reversed(self._latest))}
