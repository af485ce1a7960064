"""Disturbing: shifts that change a field of records on their way."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np
import simpy
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sim.batch import EventBatch
from sim.dials import Dials
from sim.disturbances import Disturbance, Surroundings
from sim.durations import Duration
from sim.events import Field as RecordField
from sim.events import FieldType, RecordKind, kind_named
from sim.names import UnknownNameError
from sim.shifts.shift import Announce, Course, Rule, Shift, Step

if TYPE_CHECKING:
    from sim.scenario import Scenario

__all__ = ["Disturbing"]

_ATTRIBUTES = ("region", "device", "language", "age_band", "accessibility", "consent")


class Disturbing(Shift, Disturbance, ABC):
    """A field of some kinds of record that reaches its readers otherwise than it was."""

    types: ClassVar[frozenset[FieldType]]
    """Types of field that it can change."""

    topic: Literal["journeys", "content", "audience", "catalog"] = "journeys"
    """Topic of the records."""
    records: tuple[str, ...] = Field(min_length=1)
    """Kinds of record."""
    field: str
    """Field of the records that changes."""
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Only records of viewers with one of these words for each attribute (region, device, language, age_band, …)."""
    lasts: Duration | None = Field(default=None, gt=0)
    """Simulated time until all is as before; for good, if not given."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        for kind in self.kinds:
            self._check(kind, self.field, self.types)
        for attribute in self.where:
            if attribute not in _ATTRIBUTES:
                raise UnknownNameError("attribute of viewers", attribute, _ATTRIBUTES)
        return self

    def _check(self, kind: RecordKind, name: str, types: frozenset[FieldType]) -> None:
        fields = {field.name: field for field in kind.fields}
        if name not in fields:
            raise UnknownNameError(f"field of {kind.name}", name, fields)
        if fields[name].type not in types:
            raise ValueError(
                f"{kind.name}.{name} is of type {fields[name].type}; {self.kind} takes fields of type "
                f"{', '.join(sorted(types))}"
            )

    @property
    def kinds(self) -> frozenset[RecordKind]:
        """The kinds of record."""
        return frozenset(kind_named(self.topic, name) for name in self.records)

    @property
    def target(self) -> str:
        """The field, with its topic."""
        return f"{self.topic}.{self.field}"

    def contradictions(self, scenario: "Scenario") -> Iterator[Rule]:
        """Words that the audience does not have."""
        known = scenario.vocabularies()
        for attribute, words in self.where.items():
            for place, word in enumerate(words):
                if word not in known[attribute]:
                    rule = UnknownNameError(attribute, word, known[attribute])
                    yield ("where", attribute, place), word, str(rule)

    def course(self, env: simpy.Environment, dials: Dials, announce: Announce) -> Course:
        """Disturb records from now on, until the end if there is one."""
        onset = env.now
        end = None if self.lasts is None else onset + self.lasts
        dials.disturbances.begin(self.name, self, int(onset), None if end is None else int(end))
        announce(self, Step(1.0, onset, end))
        if self.lasts is not None:
            yield env.timeout(self.lasts)
            announce(self, Step(0.0, onset, end))

    def disturbed(
        self, batch: EventBatch, rows: NDArray[np.int64], around: Surroundings
    ) -> Mapping[str, NDArray[Any]]:
        """The field with new values in the rows that ``where`` admits."""
        for attribute, words in self.where.items():
            rows = rows[around.among(batch, attribute, words)[rows]]
        return self.changed(batch, rows, around)

    @abstractmethod
    def changed(
        self, batch: EventBatch, rows: NDArray[np.int64], around: Surroundings
    ) -> Mapping[str, NDArray[Any]]:
        """The columns that change, with new values in the given rows."""

    def field_of(self, kind: RecordKind) -> RecordField:
        """The field as a kind of record has it."""
        return next(field for field in kind.fields if field.name == self.field)
