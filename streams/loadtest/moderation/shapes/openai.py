"""The shape of OpenAI's moderation endpoint."""

from typing import TYPE_CHECKING, Any

from streams.loadtest.moderation.shape import Shape, Verdict, flag, fraction

if TYPE_CHECKING:
    from streams.loadtest.moderation.question import Question

__all__ = ["OpenAI"]


class OpenAI(Shape):
    """``{"model", "input"}``, answered by ``results[0]`` with ``flagged``, ``categories`` and ``category_scores``.

    >>> OpenAI().verdict({"results": [{"flagged": True, "category_scores": {"hate": 0.9}}]}).score
    0.9
    """

    def request(self, question: "Question") -> Any:
        """One text as ``input``."""
        return {"model": "omni-moderation-latest", "input": question.text}

    def verdict(self, answer: Any) -> Verdict:
        """The first result."""
        result = answer["results"][0]
        scores = {str(name): fraction(score) for name, score in result.get("category_scores", {}).items()}
        named = result.get("categories", {})
        on = {name: scores.get(name, 1.0) for name, objected in named.items() if objected}
        return Verdict(flag(result["flagged"]), max(scores.values(), default=None), on)
