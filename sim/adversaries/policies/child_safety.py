"""Known material by its hash, where every hash is synthetic and no content exists."""

from typing import ClassVar, Literal

from sim.adversaries.policy import Policy

__all__ = ["ChildSafety"]


class ChildSafety(Policy):
    """A hash that matches a synthetic bank; there is no text and no picture, and near misses are hard negatives.

    Off unless the scenario opts in and names its targets (:class:`.ChildSafetyOptIn`).

    >>> len(ChildSafety.codes) == 0
    True
    """

    dsa: ClassVar[str] = "STATEMENT_CATEGORY_PROTECTION_OF_MINORS"
    openai: ClassVar[str] = "sexual/minors"
    ailuminate: ClassVar[str] = "cse"
    in_text: ClassVar[bool] = False

    kind: Literal["child_safety"] = "child_safety"
