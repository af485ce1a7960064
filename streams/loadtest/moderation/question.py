"""A question: one labelled text that a moderation service is asked about."""

from typing import NamedTuple

__all__ = ["Question"]


class Question(NamedTuple):
    """A text and all that is true about it; the service sees the text, the language and the key.

    ``base`` is the number of the unit that it belongs to: undisguised texts and their disguised versions share it.
    ``operator`` and ``strength`` are empty and 0 for undisguised texts. ``campaign`` is the kind of campaign that it
    was posted in, by ``account``, at ``at`` (simulated epoch ms); empty for single texts.
    """

    key: str
    text: str
    language: str
    policy: str
    violating: bool
    function: str
    base: int
    operator: str = ""
    strength: float = 0.0
    tier: str = ""
    dialect: str = ""
    campaign: str = ""
    account: int = -1
    at: int = 0
