"""The shape of Azure AI Content Safety's text analysis."""

from typing import TYPE_CHECKING, Any

from streams.loadtest.moderation.shape import MalformedError, Shape, Verdict

if TYPE_CHECKING:
    from streams.loadtest.moderation.question import Question

__all__ = ["Azure"]

_GREATEST = 7
_FLAGGED_FROM = 2


class Azure(Shape):
    """``{"text"}``, answered by ``categoriesAnalysis`` with severities 0, 2, 4, 6 (or 0 to 7) and ``blocklistsMatch``.

    A text is flagged from severity ``2`` on, or if a block list matches.

    >>> Azure().verdict({"categoriesAnalysis": [{"category": "Hate", "severity": 4}]}).categories
    {'Hate': 0.5714285714285714}
    """

    def request(self, question: "Question") -> Any:
        """One text."""
        return {"text": question.text}

    def verdict(self, answer: Any) -> Verdict:
        """All categories and block lists."""
        severities = {
            str(one["category"]): _severity(one["severity"]) for one in answer["categoriesAnalysis"]
        }
        on = {name: level / _GREATEST for name, level in severities.items() if level >= _FLAGGED_FROM}
        on |= {f"blocklist:{one['blocklistName']}": 1.0 for one in answer.get("blocklistsMatch") or ()}
        greatest = max((*severities.values(), _GREATEST * max(on.values(), default=0)), default=None)
        return Verdict(bool(on), None if greatest is None else greatest / _GREATEST, on)


def _severity(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _GREATEST:
        raise MalformedError(f"severity {value!r} is no whole number from 0 to {_GREATEST}")
    return value
