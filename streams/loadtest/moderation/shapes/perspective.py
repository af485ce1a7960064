"""The shape of the Perspective API."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from streams.loadtest.moderation.shape import MalformedError, Shape, Verdict, fraction

if TYPE_CHECKING:
    from streams.loadtest.moderation.question import Question

__all__ = ["Perspective"]

_ATTRIBUTES = ("TOXICITY", "SEVERE_TOXICITY", "IDENTITY_ATTACK", "INSULT", "PROFANITY", "THREAT")


class Perspective(Shape):
    """``comment.text`` and the attributes asked for, answered by ``attributeScores.X.summaryScore.value``.

    The service gives scores, no verdict: a text is flagged from ``threshold`` on.

    >>> Perspective().verdict({"attributeScores": {"INSULT": {"summaryScore": {"value": 0.7}}}}).flagged
    True
    """

    def __init__(self, attributes: Sequence[str] = _ATTRIBUTES, threshold: float = 0.5) -> None:
        self.attributes, self.threshold = tuple(attributes), threshold

    def request(self, question: "Question") -> Any:
        """One comment; the service is told not to keep it."""
        return {
            "comment": {"text": question.text},
            "languages": [question.language],
            "requestedAttributes": {name: {} for name in self.attributes},
            "doNotStore": True,
        }

    def verdict(self, answer: Any) -> Verdict:
        """Every attribute that was scored."""
        scores = {
            str(name): fraction(scored["summaryScore"]["value"])
            for name, scored in answer["attributeScores"].items()
        }
        if not scores:
            raise MalformedError("no attribute was scored")
        on = {name: score for name, score in scores.items() if score >= self.threshold}
        return Verdict(bool(on), max(scores.values()), on)
