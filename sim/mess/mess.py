"""Mess: a plug-in that spoils some records on their way to their topics, on a schedule, and labels each."""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from sim.durations import Duration
from sim.events import KINDS, RecordKind
from sim.names import UnknownNameError
from sim.plugin import Family, OneOf, Plugin

__all__ = ["MESSES", "SOURCE_TOPICS", "AnyMess", "Mess"]

SOURCE_TOPICS = ("journeys", "audience", "catalog", "content")
"""Topics that can be messed with: the truth is never."""


class Mess(Plugin):
    """Something that goes wrong with records: when, and on which topics and kinds."""

    topics: tuple[Literal["journeys", "audience", "catalog", "content"], ...] = ()
    """Topics of the records; all four, if none is named."""
    kinds: tuple[str, ...] = ()
    """Kinds of record; all of the topics', if none is named."""
    at: Duration = Field(default=0, ge=0)
    """Simulated time after the start of the run at which it begins."""
    lasts: Duration | None = Field(default=None, gt=0)
    """How long it lasts; to the end, if not given."""
    every: Duration | None = Field(default=None, gt=0)
    """Simulated time after which it begins again; once only, if not given."""

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        known = dict.fromkeys(kind.name for kind in KINDS if kind.topic in SOURCE_TOPICS)
        for kind in kinds:
            if kind not in known:
                raise UnknownNameError("kind of record", kind, known)
        return kinds

    @model_validator(mode="after")
    def _sound(self) -> "Mess":
        if self.every is not None and (self.lasts is None or self.lasts > self.every):
            raise ValueError(
                f"every {self.every} ms needs a shorter 'lasts', which is {self.lasts}; it would never pause"
            )
        if self.kinds and not any(map(self.concerns, KINDS)):
            raise ValueError(
                f"no record of kind {', '.join(self.kinds)} is on {', '.join(self.topics)}; name the topic it is on"
            )
        return self

    def concerns(self, kind: RecordKind) -> bool:
        """True if records of a kind can be hit."""
        return (
            kind.topic in (self.topics or SOURCE_TOPICS)
            and (not self.kinds or kind.name in self.kinds)
            and self.can_hit(kind)
        )

    def can_hit(self, kind: RecordKind) -> bool:
        """True if this sort of mess means anything for a kind of record."""
        return True

    def active(self, since_start: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether it is going on at each of some times, in ms after the start of the run."""
        time = since_start - self.at
        begun = time >= 0
        if self.every is not None:
            time = time % self.every
        return begun if self.lasts is None else begun & (time < self.lasts)

    def touches(self, begin: int, end: int) -> bool:
        """True if it may go on at some time of [begin, end), in ms after the start of the run."""
        return end > self.at and (
            self.every is not None or self.lasts is None or begin < self.at + self.lasts
        )


MESSES = Family("mess", Mess, "sim.mess")
AnyMess = Annotated[Mess, OneOf(MESSES)]
