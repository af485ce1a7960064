"""Schema changes: fields that records gain or lose in the middle of a run, as schemas do evolve."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from sim import events
from sim.batch import EventBatch, Tick
from sim.durations import Duration
from sim.events import KINDS, RecordKind, kind_named
from sim.names import UnknownNameError
from sim.seeds import Draws
from sim.shares import coded, shares

__all__ = ["AddedField", "Evolution", "SchemaChange", "evolved_kinds", "impossible_changes"]

_IDENTIFIERS = ("user", "item", "session", "slate")
_KEYS = ("subject", "topic")


def _weights(values: dict[str, float]) -> dict[str, float]:
    shares(values)
    return values


class AddedField(BaseModel):
    """A field that records gain, and what stands in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    """Name of the field."""
    type: Literal["label", "count", "share"]
    """A word of a few, a whole number, or a number from 0 to 1."""
    about: str = "Added in the middle of the run."
    """What it says, for the schemas."""
    values: Annotated[dict[str, float], AfterValidator(_weights)] | tuple[float, float]
    """The words of a label with their shares; of a number, the least and the most: all between are as likely."""

    @model_validator(mode="after")
    def _fitting(self) -> "AddedField":
        if isinstance(self.values, dict) != (self.type == "label"):
            wanted = "words with their shares" if self.type == "label" else "the least and the most value"
            raise ValueError(f"values of a {self.type} are {wanted}")
        if not isinstance(self.values, dict):
            least, most = self.values
            top = 1.0 if self.type == "share" else 10**9
            if not 0 <= least <= most <= top:
                raise ValueError(
                    f"values {least:g} to {most:g} of a {self.type} must rise, from 0 to {top:g} at most"
                )
        return self

    def field_of(self, kind: str) -> events.Field:
        """The field, as the schemas have it."""
        digits = len(str(int(self.values[1]))) if not isinstance(self.values, dict) else 4
        return events.Field(self.name, self.type, self.about, digits, self.vocabulary(kind))

    def vocabulary(self, kind: str) -> str:
        """The name of the label's words; empty for a number."""
        return f"{kind}_{self.name}" if self.type == "label" else ""

    def drawn(self, uniform: NDArray[np.float64]) -> NDArray[Any]:
        """Its values in a column, given uniform numbers."""
        if isinstance(self.values, dict):
            return coded(shares(self.values), uniform)
        least, most = self.values
        if self.type == "count":
            return (least + np.floor(uniform * (most - least + 1))).astype(np.int64)
        return (least + uniform * (most - least)).astype(np.float32)


class SchemaChange(BaseModel):
    """From ``at`` on, records of a kind have a field more, or one less; their ``schema_version`` rises by one.

    >>> values = {"kids": 1, "adult": 3}
    >>> change = SchemaChange(name="profiles", at="12h", topic="journeys", kind="play",
    ...     add_field={"name": "profile", "type": "label", "values": values})
    >>> change.after(kind_named("journeys", "play")).version
    2
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    name: str = Field(min_length=1, pattern=r"^[a-z0-9_-]+$")
    """Name of the change on the truth topic."""
    at: Duration = Field(ge=0)
    """Simulated time after the start of the run; holds for what occurs from then on."""
    topic: str
    """Topic of the records."""
    kind: str
    """Kind of the records."""
    add_field: AddedField | None = None
    """A field that they gain."""
    remove_field: str | None = None
    """A field that they lose."""

    @model_validator(mode="after")
    def _one_thing(self) -> "SchemaChange":
        if (self.add_field is None) == (self.remove_field is None):
            raise ValueError("a schema change has either add_field or remove_field")
        kind_named(self.topic, self.kind)
        return self

    def version_among(self, changes: Sequence["SchemaChange"]) -> int:
        """The version of the kind's fields after this change, among all of a scenario."""
        same = [each for each in _in_order(changes) if (each.topic, each.kind) == (self.topic, self.kind)]
        return 2 + same.index(self)

    def after(self, kind: RecordKind) -> RecordKind:
        """The kind of record as it is after the change."""
        fields = tuple(field for field in kind.fields if field.name != self.remove_field)
        if self.add_field:
            fields += (self.add_field.field_of(self.kind),)
        return replace(kind, fields=fields, previous=kind)


def impossible_changes(changes: Sequence[SchemaChange]) -> Iterator[tuple[int, str, str]]:
    """Which change, which of its fields, and the rule that it breaks beside those before it."""
    kinds: dict[tuple[str, str], RecordKind] = {}
    for number, change in sorted(enumerate(changes), key=lambda each: each[1].at):
        kind = kinds.get((change.topic, change.kind), kind_named(change.topic, change.kind))
        present = {field.name: field.type for field in kind.fields}
        ever = {*(name for name, _ in events.ENVELOPE), *present, *(f.name for f in kind.original.fields)}
        if change.add_field and change.add_field.name in ever:
            yield (
                number,
                "add_field",
                f"{change.kind} has, or had, a field {change.add_field.name!r}; name another",
            )
        elif change.remove_field and change.remove_field not in present:
            yield number, "remove_field", str(UnknownNameError("field", change.remove_field, present))
        elif change.remove_field in _KEYS or present.get(change.remove_field or "") in _IDENTIFIERS:
            yield (
                number,
                "remove_field",
                f"{change.remove_field} tells whom or what a record is about and stays",
            )
        kinds[change.topic, change.kind] = change.after(kind)


def evolved_kinds(changes: Sequence[SchemaChange]) -> dict[RecordKind, RecordKind]:
    """Every kind of record, and its newest version; the same changes give the same objects."""
    return {kind: steps[-1] for kind, steps in _versions(_text(changes)).items()}


def _text(changes: Sequence[SchemaChange]) -> str:
    return json.dumps([change.model_dump(mode="json") for change in _in_order(changes)])


def _in_order(changes: Sequence[SchemaChange]) -> list[SchemaChange]:
    return sorted(changes, key=lambda change: change.at)


@lru_cache(maxsize=64)
def _versions(text: str) -> dict[RecordKind, list[RecordKind]]:
    """The versions of every kind, given changes as text: kinds are compared by identity, so that each is made once."""
    found = {kind: [kind] for kind in KINDS}
    for change in map(SchemaChange.model_validate, json.loads(text)):
        steps = found[kind_named(change.topic, change.kind)]
        steps.append(change.after(steps[-1]))
    return found


class Evolution:
    """The schema changes of a run that begins at ``start`` (epoch ms), done to its ticks."""

    def __init__(self, changes: Sequence[SchemaChange], seed: int, start: int) -> None:
        self._seed, self._start = seed, start
        self._versions = _versions(_text(changes))
        self._changes: dict[RecordKind, list[SchemaChange]] = {}
        for change in _in_order(changes):
            self._changes.setdefault(kind_named(change.topic, change.kind), []).append(change)

    def applied(self, tick: Tick) -> Tick:
        """The tick with its records as their schemas are when they occur; the order stays."""
        if not any(batch.kind in self._changes for batch in tick.batches):
            return tick
        batches: list[EventBatch] = []
        orders = {}
        for topic, order in tick.orders.items():
            places, before = [], 0
            for batch in tick.on(topic):
                for rows, part in self._parts(batch):
                    places.append(rows + before)
                    batches.append(part)
                before += len(batch)
            moved = np.empty(before, dtype=np.int64)
            moved[np.concatenate(places)] = np.arange(before)
            orders[topic] = moved[order]
        return replace(tick, batches=tuple(batches), orders=orders)

    def _parts(self, batch: EventBatch) -> Iterator[tuple[NDArray[np.int64], EventBatch]]:
        """The records of each version among those of a batch, with the rows that they had."""
        changes = self._changes.get(batch.kind, [])
        since = np.array([self._start + change.at for change in changes], dtype=np.int64)
        version = np.searchsorted(since, batch.at, side="right")
        for number in np.unique(version).tolist():
            rows = np.flatnonzero(version == number)
            part = batch.rows(rows) if len(rows) < len(batch) else batch
            yield rows, self._evolved(part, changes[:number])

    def _evolved(self, batch: EventBatch, changes: list[SchemaChange]) -> EventBatch:
        columns = dict(batch.columns)
        for change in changes:
            if change.add_field:
                draws = Draws(self._seed, "schema_change", change.name)
                columns[change.add_field.name] = change.add_field.drawn(
                    draws.uniform(batch.source, batch.number)
                )
        return replace(batch, kind=self._versions[batch.kind][len(changes)], columns=columns)
