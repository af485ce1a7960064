"""The plain shape: for services that have none of their own."""

from typing import TYPE_CHECKING, Any

from streams.loadtest.moderation.shape import Shape, Verdict, flag, fraction

if TYPE_CHECKING:
    from streams.loadtest.moderation.question import Question

__all__ = ["Plain"]


class Plain(Shape):
    """``{"request_id", "text", "language"}``, answered by ``{"flagged", "score"?, "categories"?: {name: score}}``.

    >>> Plain().verdict({"flagged": False, "score": 0.1})
    Verdict(flagged=False, score=0.1, categories={})
    """

    def request(self, question: "Question") -> Any:
        """One text with its id."""
        return {"request_id": question.key, "text": question.text, "language": question.language}

    def verdict(self, answer: Any) -> Verdict:
        """What stands in it by these names."""
        score = answer.get("score")
        categories = {str(name): fraction(value) for name, value in (answer.get("categories") or {}).items()}
        return Verdict(flag(answer["flagged"]), None if score is None else fraction(score), categories)
