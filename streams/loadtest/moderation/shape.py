"""A shape: what a moderation service is sent, and where its verdict stands in what it answers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from streams.loadtest.moderation.question import Question

__all__ = ["MalformedError", "Shape", "Verdict", "flag", "fraction"]


class MalformedError(ValueError):
    """An answer that is not of the shape."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a service says of a text: whether it objects, how sure it is (0 to 1, if it tells), and on what grounds."""

    flagged: bool
    score: float | None = None
    categories: Mapping[str, float] = field(default_factory=dict)


class Shape(ABC):
    """How to ask one kind of service, and how to read it."""

    @abstractmethod
    def request(self, question: "Question") -> Any:
        """The JSON of a request."""

    @abstractmethod
    def verdict(self, answer: Any) -> Verdict:
        """The verdict in the JSON of an answer; a ValueError, KeyError, TypeError or IndexError if there is none."""

    def body(self, question: "Question") -> bytes:
        """The request as bytes."""
        return orjson.dumps(self.request(question))

    def read(self, body: bytes) -> Verdict | None:
        """The verdict in an answer's bytes, or None if it is malformed."""
        try:
            return self.verdict(orjson.loads(body))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            return None


def flag(value: Any) -> bool:
    """A truth value of an answer, which must be one: a text that says "false" is not."""
    if not isinstance(value, bool):
        raise MalformedError(f"{value!r} is neither true nor false")
    return value


def fraction(value: Any) -> float:
    """A score of an answer, which must be a number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise MalformedError(f"{value!r} is no number from 0 to 1")
    return float(value)
