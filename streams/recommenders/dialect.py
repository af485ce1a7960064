"""Dialects: how requests are written for a service, and slates read from its answer."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import orjson
from pydantic import BaseModel, ConfigDict

from streams.loadtest.mapping import Finder, Template, load_mapping

__all__ = ["FIELDS", "Dialect", "Mapped", "Native", "Single", "WrongAnswerError", "mapped"]

FIELDS = ("request_id", "user_id", "region", "device", "surface", "k", "at", "recent", "candidates")

Question = Mapping[str, Any]
Found = dict[str, Any]


class WrongAnswerError(Exception):
    """An answer that is none: its kind is ``not_json`` or ``malformed``."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Dialect(Protocol):
    """Writes messages, and reads slates: mappings with ``items``, by the id of their request."""

    @property
    def gathers(self) -> bool:
        """Whether a message may carry several requests."""

    def write(self, questions: Sequence[Question]) -> bytes:
        """The message that carries these requests."""

    def read(self, body: bytes, questions: Sequence[Question]) -> dict[str, Found]:
        """The slates in an answer; :class:`WrongAnswerError` if it is none."""


class Native:
    """Greenroom's own contract: many requests in a message, many slates in its answer."""

    gathers = True

    def write(self, questions: Sequence[Question]) -> bytes:
        """The requests as one JSON object."""
        return orjson.dumps({"requests": questions})

    def read(self, body: bytes, questions: Sequence[Question]) -> dict[str, Found]:
        """Slates by request id; what is no slate is left out, so that its request counts as unanswered."""
        slates = _json(body)
        slates = slates.get("slates") if isinstance(slates, dict) else None
        if not isinstance(slates, list):
            raise WrongAnswerError("malformed")
        named = (slate for slate in slates if isinstance(slate, dict))
        return {slate["request_id"]: slate for slate in named if isinstance(slate.get("request_id"), str)}


class Single:
    """The same objects one a message, as the records of a Kafka topic carry them."""

    gathers = False

    def write(self, questions: Sequence[Question]) -> bytes:
        """The only request as one JSON object."""
        (question,) = questions
        return orjson.dumps(question)

    def read(self, body: bytes, questions: Sequence[Question]) -> dict[str, Found]:
        """The only slate, under the id of the request that it is correlated with."""
        slate = _json(body)
        if not isinstance(slate, dict):
            raise WrongAnswerError("malformed")
        return {questions[0]["request_id"]: slate}


class _Answered(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    slates: str | None = None
    request_id: str | None = None
    items: str
    propensities: str | None = None
    policy: str | None = None


class _Mapping(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    message: Any = None
    request: Any
    answer: _Answered


class Mapped:
    """Another service's shapes, by a mapping file.

    ``request`` is the tree of one request with ``$user_id`` and the like; ``message``, if given, the tree of a message
    in which ``$requests`` stands for the list of them: without it, each message carries one request. ``answer`` has
    JMESPath expressions: ``slates`` finds the list of slates in an answer (default: the answer is the only one);
    ``request_id``, ``items``, ``propensities`` and ``policy`` find those within a slate. Without ``request_id``, slates
    come in the order of their requests.
    """

    def __init__(self, mapping: _Mapping) -> None:
        self._request = Template(mapping.request, known=list(FIELDS))
        self._message = None if mapping.message is None else Template(mapping.message, known=["requests"])
        answer = mapping.answer
        self._slates = None if answer.slates is None else Finder(answer.slates)
        self._id = None if answer.request_id is None else Finder(answer.request_id)
        rest = {"items": answer.items, "propensities": answer.propensities, "policy": answer.policy}
        self._within = {name: Finder(expression) for name, expression in rest.items() if expression}
        self.gathers = self._message is not None

    def write(self, questions: Sequence[Question]) -> bytes:
        """The message, in the service's own shape."""
        filled = [
            self._request.filled({"recent": None, "candidates": None, **question}) for question in questions
        ]
        return orjson.dumps(self._message.filled({"requests": filled}) if self._message else filled[0])

    def read(self, body: bytes, questions: Sequence[Question]) -> dict[str, Found]:
        """Slates by request id, found by the mapping's expressions."""
        tree = _json(body)
        slates = [tree] if self._slates is None else self._slates(tree)
        if not isinstance(slates, list):
            raise WrongAnswerError("malformed")
        ids = (
            [question["request_id"] for question in questions]
            if self._id is None
            else [str(self._id(slate)) for slate in slates]
        )
        return {
            name: {part: find(slate) for part, find in self._within.items()}
            for name, slate in zip(ids, slates, strict=False)
        }


def mapped(file: Path) -> Mapped:
    """The dialect of a mapping file; :class:`~streams.exits.UsageError` says what is wrong with it."""
    return Mapped(load_mapping(file, _Mapping))


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise WrongAnswerError("not_json") from error
