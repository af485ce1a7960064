"""Letters that sound alike."""

import re
from typing import Literal

from rapidfuzz.distance import OSA

from sim.adversaries.lossy import Misspelling
from sim.seeds import Stream

__all__ = ["Phonetic"]

_ALIKE: dict[str, tuple[str, ...]] = {
    "ph": ("f",), "ck": ("k",), "qu": ("kw",), "wh": ("w",), "ght": ("t",), "oo": ("u",), "ee": ("ea", "i"),
    "ea": ("ee",), "ai": ("ay",), "ou": ("ow",), "th": ("d",), "sh": ("ch",), "ch": ("sh",), "x": ("ks",),
    "c": ("k",), "k": ("c",), "s": ("z",), "z": ("s",), "f": ("ph",), "v": ("w",), "y": ("i",), "i": ("y",),
    "d": ("t",), "b": ("p",), "p": ("b",), "g": ("j",), "j": ("g",), "u": ("oo",), "e": ("a",), "o": ("aw",),
}  # fmt: skip
_SOUND = re.compile("|".join(sorted(_ALIKE, key=len, reverse=True)), re.ASCII | re.IGNORECASE)
_COST = {
    (sound, spelling): OSA.distance(sound, spelling)
    for sound, spellings in _ALIKE.items()
    for spelling in spellings
}


class Phonetic(Misspelling):
    """Writes a word as it sounds: f for ph, k for c.

    English sound-spelling alternations, the idea behind Soundex and Metaphone (Philips 1990); as an attack see
    Le et al. 2022, "Perturbations in the Wild". A sound whose other spelling takes two edits counts as two.

    >>> from sim.seeds import Stream
    >>> Phonetic(strength=1).apply("pick", rng=Stream(0))
    'pyck'
    """

    kind: Literal["phonetic"] = "phonetic"

    def misspelt(self, word: str, edits: int, *, rng: Stream) -> str:
        """The word with some sounds written in another way."""
        sounds = list(_SOUND.finditer(word))
        characters = list(word)
        for chosen in rng.sample(len(sounds), of=len(sounds)):
            if not edits:
                break
            start, end = sounds[chosen].span()
            sound = word[start:end].lower()
            spelling = rng.one(_ALIKE[sound])
            cost = _COST[sound, spelling]
            if cost <= edits:
                edits -= cost
                initial = spelling[0].upper() if word[start].isupper() else spelling[0]
                characters[start:end] = [initial + spelling[1:], *[""] * (end - start - 1)]
        return "".join(characters)
