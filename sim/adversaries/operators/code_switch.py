"""Words of an invented language among those of the text's own."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from sim.adversaries.operator import Frame, FrameOperator, touched
from sim.catalog.titles import invented_name
from sim.seeds import Picks, Stream, digest64

__all__ = ["CodeSwitch", "in_invented_language"]

_WORD = re.compile(r"(?<![^\s(\"'“¿¡])[^\W\d_A-Z]{2,}(?![^\s.,:;!?)\"'”])")


class CodeSwitch(FrameOperator):
    """Puts words of an invented language for words around the slots.

    The table is :func:`in_invented_language`: each word has one translation, which means the same, so the label
    stays. Mixed languages as a blind spot: Bali et al. 2014; Das et al. 2022, "HateCheckHIn".

    >>> frame = Frame("Free {lure} today, only at {link}")
    >>> CodeSwitch(strength=0.3).reworded(frame, variants=(), language="en", rng=Stream(1)).text.count("{")
    2
    """

    kind: Literal["code_switch"] = "code_switch"

    def reworded(self, frame: Frame, *, variants: Sequence[str], language: str, rng: Stream) -> Frame:
        """The frame with some of its words in the invented language."""
        words = list(_WORD.finditer(frame.text))
        count = touched(self.strength, len(words))
        text = frame.text
        for chosen in sorted(rng.sample(count, of=len(words)), reverse=True):
            start, end = words[chosen].span()
            text = text[:start] + in_invented_language(text[start:end]) + text[end:]
        return frame._replace(text=text)

    def preserves(self, before: Frame, after: Frame) -> bool:
        """Whether every word is the same or its translation."""
        first, second = before.text.split(), after.text.split()
        return len(first) == len(second) and all(
            one == other or _WORD.sub(lambda word: in_invented_language(word[0]), one) == other
            for one, other in zip(first, second, strict=True)
        )


@lru_cache(maxsize=4096)
def in_invented_language(word: str) -> str:
    """The invented language's word for a word.

    >>> in_invented_language("today") == in_invented_language("today") != in_invented_language("free")
    True
    """
    return invented_name(Picks(digest64("invented language", word)), syllables=3).lower()
