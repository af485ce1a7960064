"""Plans of sinks: what a flag says of one, before anything is opened."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import Field, field_validator

from sim.plugin import Family, Plugin
from streams.publish.sinks.selection import Selection, known_kind, known_topic
from streams.publish.sinks.sink import RecordSink, TickSink

__all__ = ["SINKS", "RunFacts", "SinkPlan"]


@dataclass(frozen=True)
class RunFacts:
    """What a sink may want to know of the run whose records it takes."""

    codec: Any
    """Turns batches into bytes; knows the run's tag."""
    vocabularies: Mapping[str, tuple[str, ...]]
    """The words of each vocabulary, by code."""
    seed: int
    source: str
    """Where CloudEvents say that they come from."""
    shard: tuple[int, int]
    starts_at: int
    """Simulated time (epoch ms) of the first tick that the sink is given."""
    resumed: bool = False
    """Whether an earlier process of the shard has written what was before that tick: it stays."""

    @property
    def rewritten_since(self) -> int | None:
        """Simulated time from which what is there is written again; None for all of it."""
        return self.starts_at if self.resumed else None


class SinkPlan(Plugin):
    """A sink as a flag describes it; its fields are the options."""

    place: ClassVar[str] = ""
    """The field that the text after the colon fills; none if empty."""
    timed: ClassVar[bool] = False
    """Whether the sink has something to do while no records come."""

    topics: tuple[str, ...] = ()
    """Topics that it takes; all by default."""
    kinds: tuple[str, ...] = ()
    """Kinds of records that it takes; all by default."""
    name: str = Field("", pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$|^$")
    """What metrics, messages and the summary call it; its kind by default."""

    @field_validator("topics", "kinds", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("topics")
    @classmethod
    def _known_topics(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(known_topic, names))

    @field_validator("kinds")
    @classmethod
    def _known_kinds(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(known_kind, names))

    @property
    def selection(self) -> Selection:
        """The records that it takes."""
        return Selection(frozenset(self.topics), frozenset(self.kinds))

    @abstractmethod
    def open(self, facts: RunFacts) -> RecordSink | TickSink:
        """The sink, ready to take records; UsageError or SinkUnavailableError if it cannot be opened."""


SINKS: Family[SinkPlan] = Family("sink", SinkPlan, "streams.publish.sinks")
