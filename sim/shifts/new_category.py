"""A shift that brings a new category."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.batch import EventBatch
from sim.disturbances import Surroundings
from sim.events import FieldType
from sim.names import UnknownNameError
from sim.shifts.disturbing import Disturbing
from sim.shifts.shift import Rule

if TYPE_CHECKING:
    from sim.scenario import Scenario

__all__ = ["NewCategory"]


class NewCategory(Disturbing):
    """A word that was never seen before stands in a field: of a share of the viewers (or items), always the same ones.

    >>> where = {"records": ["session_start"], "field": "device"}
    >>> NewCategory(name="glasses", at="1h", word="headset", share=0.1, **where).words()
    {'device': ('headset',)}
    """

    kind: Literal["new_category"] = "new_category"
    types: ClassVar[frozenset[FieldType]] = frozenset({"label"})
    word: str = Field(min_length=1, max_length=40)
    """The new word."""
    share: float = Field(gt=0, le=1)
    """Share of the viewers (in records without viewers: of the items) whose records have it."""
    of: str | None = None
    """The word in whose place it stands; any, if not given."""

    @property
    def size(self) -> float:
        """The share."""
        return self.share

    @property
    def vocabulary(self) -> str:
        """The vocabulary that the field's words are from."""
        return self.field_of(min(self.kinds, key=lambda kind: kind.name)).vocabulary

    def words(self) -> Mapping[str, tuple[str, ...]]:
        """The new word."""
        return {self.vocabulary: (self.word,)}

    def contradictions(self, scenario: "Scenario") -> Iterator[Rule]:
        """Words that are not there, or that are there already."""
        yield from super().contradictions(scenario)
        known = scenario.vocabularies(planned=False)[self.vocabulary]
        if self.word in known:
            yield ("word",), self.word, f"{self.vocabulary} {self.word!r} is there already; name a new one"
        if self.of is not None and self.of not in known:
            yield ("of",), self.of, str(UnknownNameError(self.vocabulary, self.of, known))

    def changed(
        self, batch: EventBatch, rows: NDArray[np.int64], around: Surroundings
    ) -> Mapping[str, NDArray[Any]]:
        """The field with the code of the new word."""
        words, column = around.vocabularies[self.vocabulary], batch.columns[self.field].copy()
        if self.of is not None:
            rows = rows[column[rows] == words.index(self.of)]
        owner = batch.columns["user_id" if "user_id" in batch.columns else "item_id"]
        column[rows[around.draws(self.name).uniform(owner[rows]) < self.share]] = words.index(self.word)
        return {self.field: column}
