"""A part of a text moved into its picture."""

from collections.abc import Sequence
from typing import Literal

from sim.adversaries.operator import Frame, FrameOperator, touched
from sim.seeds import Stream

__all__ = ["ImageTextSplit"]

_ROOM = 110
_SLOT_LENGTH = 36
_POINTERS = {
    "en": "See the picture.",
    "es": "Miren la imagen.",
    "de": "Siehe Bild.",
    "fr": "Voir l'image.",
    "it": "Guardate l'immagine.",
}


class ImageTextSplit(FrameOperator):
    """Moves words of the text into the picture; each part alone says less than both do together.

    Multimodal posts whose meaning needs both parts: Kiela et al. 2020, "The Hateful Memes Challenge". The words that
    move are a run around a slot, as long as the strength asks for and the picture has room. What the two parts say
    together is what the text said: the label stays.

    >>> frame = Frame("{brand} gives a {lure} to everyone")
    >>> ImageTextSplit(strength=0.6).reworded(frame, variants=(), language="en", rng=Stream(3))
    Frame(text='to everyone', in_image='{brand} gives a {lure}')
    """

    kind: Literal["image_text_split"] = "image_text_split"

    def reworded(self, frame: Frame, *, variants: Sequence[str], language: str, rng: Stream) -> Frame:
        """The frame in two parts; what is left in the text points to the picture if nothing else is left."""
        words = frame.text.split()
        count = touched(self.strength, len(words))
        if frame.in_image or not count:
            return frame
        start = _start(words, count, rng=rng)
        moved = _that_fit(words[start : start + count])
        left = words[:start] + words[start + len(moved) :]
        pointer = _POINTERS.get(language, _POINTERS["en"])
        return Frame(" ".join(left) or pointer, " ".join(moved))

    def preserves(self, before: Frame, after: Frame) -> bool:
        """Whether every word is in one of the two parts, and none in both."""
        left, moved = after.text.split(), after.in_image.split()
        if after == before:
            return True
        if after.text in _POINTERS.values():
            left = []
        words = before.text.split()
        return any(words == left[:place] + moved + left[place:] for place in range(len(left) + 1))


def _start(words: list[str], count: int, *, rng: Stream) -> int:
    """Where a run of so many words begins that holds a slot, if there is one."""
    starts = range(len(words) - count + 1)
    around_a_slot = [start for start in starts if any("{" in word for word in words[start : start + count])]
    return rng.one(around_a_slot or starts)


def _that_fit(words: list[str]) -> list[str]:
    room, fitting = _ROOM, 0
    for word in words:
        room -= 1 + (_SLOT_LENGTH if "{" in word else len(word))
        if room < 0:
            break
        fitting += 1
    return words[: max(1, fitting)]
