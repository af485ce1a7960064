"""A text in quotation marks, as if somebody else had said it."""

from collections.abc import Sequence
from typing import Literal

from sim.adversaries.operator import Frame, FrameOperator, touched
from sim.seeds import Stream

__all__ = ["QuoteWrap"]

_LEVELS = 3
_AHEAD: dict[str, tuple[str, ...]] = {
    "en": ("As I always say:", "You know how it goes:", "Remember this:"),
    "es": ("Como siempre digo:", "Recuerden esto:"),
    "de": ("Wie ich immer sage:", "Merkt euch das:"),
    "fr": ("Comme je le dis toujours :", "Retenez bien :"),
    "it": ("Come dico sempre:", "Ricordate questo:"),
}
_BEHIND: dict[str, tuple[str, ...]] = {
    "en": ("That is all there is to it.", "I stand by every word."),
    "es": ("Y lo mantengo.", "Eso es todo."),
    "de": ("Dabei bleibe ich.", "Mehr ist nicht zu sagen."),
    "fr": ("Je le maintiens.", "Voilà tout."),
    "it": ("E lo confermo.", "Tutto qui."),
}


class QuoteWrap(FrameOperator):
    """Puts a text in quotation marks, then words ahead of it, then words behind it that stand by what is said.

    The table holds only words that take the quoted text as the writer's own: the label stays. Quotes that somebody
    answers are another thing, with another label (HateCheck's F20, Röttger et al. 2021), and templates of their own.

    >>> QuoteWrap(strength=0.3).reworded(Frame("Free {lure}"), variants=(), language="en", rng=Stream(1)).text
    '“Free {lure}”'
    """

    kind: Literal["quote_wrap"] = "quote_wrap"

    def reworded(self, frame: Frame, *, variants: Sequence[str], language: str, rng: Stream) -> Frame:
        """The frame in quotation marks, among words of its language, or of English if there are none."""
        level = touched(self.strength, _LEVELS)
        ahead = rng.one(_AHEAD.get(language) or _AHEAD["en"])
        behind = rng.one(_BEHIND.get(language) or _BEHIND["en"])
        parts = [*[ahead][: level - 1], f"“{frame.text}”", *[behind][: level - 2]]
        return frame._replace(text=" ".join(parts)) if level else frame

    def preserves(self, before: Frame, after: Frame) -> bool:
        """Whether the text is quoted whole, and all around it stands by it."""
        ahead, found, behind = after.text.partition(f"“{before.text}”")
        return after == before or (
            bool(found)
            and (not ahead or any(ahead.strip() in known for known in _AHEAD.values()))
            and (not behind or any(behind.strip() in known for known in _BEHIND.values()))
            and before.in_image == after.in_image
        )
