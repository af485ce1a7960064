"""The English pronouncing dictionary: the CMU Pronouncing Dictionary in IPA."""

from functools import cache
from importlib.resources import files

import numpy as np

__all__ = ["looked_up"]

_VOWELS = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "aʊ", "AY": "aɪ", "EH": "ɛ", "ER": "ɝ", "EY": "eɪ",
    "IH": "ɪ",
    "IY": "i", "OW": "oʊ", "OY": "ɔɪ", "UH": "ʊ", "UW": "u",
}  # fmt: skip
_CONSONANTS = {
    "B": "b", "CH": "tʃ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "dʒ", "K": "k", "L": "l",
    "M": "m",
    "N": "n", "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w",
    "Y": "j",
    "Z": "z", "ZH": "ʒ",
}  # fmt: skip
_REDUCED = {"AH0": "ə", "ER0": "ɚ"}
_STRESS = {"0": "", "1": "ˈ", "2": "ˌ"}


def looked_up(word: str) -> tuple[str, ...] | None:
    """The phones of a lower-case English word, or None if the dictionary lacks it."""
    lines = _section(word[:1])
    start = lines.find(f"\n{word} ".encode())
    if start < 0:
        return None
    arpabet = lines[start + len(word) + 2 : lines.index(b"\n", start + 1)].decode()
    return tuple(_ipa(symbol) for symbol in arpabet.split())


@cache
def _section(initial: str) -> bytes:
    """The lines of words with one initial: a twentieth of the dictionary to search through."""
    lines, key = _lines(), f"\n{initial}".encode()
    first, last = lines.find(key), lines.rfind(key)
    return lines[first : lines.index(b"\n", last + 1) + 1] if first >= 0 else b"\n"


@cache
def _lines() -> bytes:
    with files(__package__).joinpath("cmudict.npz").open("rb") as file, np.load(file) as archive:
        return bytes(archive["lines"])


def _ipa(arpabet: str) -> str:
    if arpabet in _CONSONANTS:
        return _CONSONANTS[arpabet]
    return _REDUCED.get(arpabet) or _STRESS[arpabet[-1]] + _VOWELS[arpabet[:-1]]
