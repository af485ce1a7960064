"""A mapped shape: a service of another kind, described in a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from streams.loadtest.mapping import Finder, Template, load_mapping
from streams.loadtest.moderation.shape import MalformedError, Shape, Verdict, flag, fraction

if TYPE_CHECKING:
    from streams.loadtest.moderation.question import Question

__all__ = ["Mapped", "MappedShape"]

_KNOWN = ["text", "language", "request_id"]


class MappedShape(BaseModel):
    """The mapping file of a moderation service."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    request: Any
    """The JSON of a request, in which ``$text``, ``$language`` and ``$request_id`` stand for their values."""
    flagged: str | None = None
    """JMESPath of the verdict; without it the score decides."""
    score: str | None = None
    """JMESPath of the score, a number."""
    categories: str | None = None
    """JMESPath of the categories: a list of names, or an object of names and scores."""
    threshold: float = 0.5
    """Score from which on a text is flagged, if no verdict is given."""
    greatest: float = Field(default=1.0, gt=0)
    """The highest score that there is."""

    @model_validator(mode="after")
    def _decides(self) -> "MappedShape":
        if self.flagged is None and self.score is None:
            raise ValueError("neither 'flagged' nor 'score' is mapped: nothing would tell the verdict")
        return self


class Mapped(Shape):
    """A shape from a mapping file."""

    def __init__(self, mapping: MappedShape) -> None:
        self.mapping = mapping
        self._template = Template(mapping.request, known=_KNOWN)
        self._flagged, self._score, self._categories = (
            Finder(path) if path else None for path in (mapping.flagged, mapping.score, mapping.categories)
        )

    @classmethod
    def of(cls, file: Path) -> "Mapped":
        """The shape that a file describes."""
        return cls(load_mapping(file, MappedShape))

    def request(self, question: "Question") -> Any:
        """The request as the file describes it."""
        values = {"text": question.text, "language": question.language, "request_id": question.key}
        return self._template.filled(values)

    def verdict(self, answer: Any) -> Verdict:
        """The verdict where the file says that it stands."""
        score = None
        if self._score and (found := self._score(answer)) is not None:
            if isinstance(found, bool) or not isinstance(found, (int, float)):
                raise MalformedError(f"score {found!r} is no number")
            score = fraction(found / self.mapping.greatest)
        if self._flagged:
            flagged = flag(self._flagged(answer))
        elif score is not None:
            flagged = score * self.mapping.greatest >= self.mapping.threshold
        else:
            raise MalformedError("no score was found")
        return Verdict(flagged, score, _named(self._categories(answer) if self._categories else None))


def _named(found: Any) -> dict[str, float]:
    if isinstance(found, Mapping):
        return {str(name): fraction(value) for name, value in found.items() if value}
    return {str(name): 1.0 for name in found or ()}
