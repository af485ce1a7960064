"""Marks: every question of an exam with the verdict on it, in columns."""

from dataclasses import dataclass, field

import polars as pl

from streams.loadtest.moderation.question import Question
from streams.loadtest.moderation.shape import Verdict

__all__ = ["Marks"]

_SCHEMA: dict[str, type[pl.DataType]] = {
    "policy": pl.String,
    "violating": pl.Boolean,
    "function": pl.String,
    "base": pl.Int64,
    "operator": pl.String,
    "strength": pl.Float64,
    "tier": pl.String,
    "dialect": pl.String,
    "campaign": pl.String,
    "account": pl.Int64,
    "at": pl.Int64,
    "flagged": pl.Boolean,
    "score": pl.Float64,
    "categories": pl.String,
}


@dataclass
class Marks:
    """Verdicts as they come in; questions without an answer are counted by the load figures, not here."""

    _rows: list[tuple[object, ...]] = field(default_factory=list)

    def note(self, question: Question, verdict: Verdict) -> None:
        """A verdict on a question."""
        grounds = "|".join(sorted(verdict.categories))
        # All of a question but its key, its text and its language.
        self._rows.append((*question[3:], verdict.flagged, verdict.score, grounds))

    def __len__(self) -> int:
        return len(self._rows)

    def table(self) -> pl.DataFrame:
        """All of them; columns as in :class:`.Question`, with ``flagged``, ``score`` and ``categories``."""
        return pl.DataFrame(self._rows, schema=_SCHEMA, orient="row")
