"""Reading: written text as phrases of speakable words, with everything that cannot be spoken set aside."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from media_gen.voice.language import Language
from media_gen.voice.numerals import numeral_words
from media_gen.voice.phones import phone_of

__all__ = ["Boundary", "Phrase", "Reading", "Skipped", "Word", "bare", "read"]

Boundary = Literal["continuation", "statement", "question", "exclamation"]
_BOUNDARIES: dict[str, Boundary] = {
    ",": "continuation", ";": "continuation", ":": "continuation", "—": "continuation", "–": "continuation",
    "(": "continuation", ")": "continuation", ".": "statement", "…": "statement", "\n": "statement",
    "?": "question", "!": "exclamation",
}  # fmt: skip
_SILENT = frozenset("\"“”„«»'’‘-¿¡\u00ad[]{}*_/")
_FOREIGN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
"""Letters of other Latin alphabets that have no plain form in Unicode."""
_STRENGTH = {"continuation": 0, "statement": 1, "exclamation": 2, "question": 3}


@dataclass(frozen=True)
class Word:
    """A written word, its place in the text, the words it is read as, and the phones of each."""

    text: str
    offset: int
    spoken: tuple[str, ...]
    phones: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Phrase:
    """Words spoken in one breath, and how the phrase ends."""

    words: tuple[Word, ...]
    boundary: Boundary


@dataclass(frozen=True)
class Skipped:
    """A character that has no sound, at its offset in the text."""

    character: str
    offset: int


@dataclass(frozen=True)
class Reading:
    """What is spoken of a text, and what is not."""

    phrases: tuple[Phrase, ...]
    skipped: tuple[Skipped, ...]


def read(text: str, language: Language) -> Reading:
    """Split NFC text into phrases; offsets count its characters.

    Characters that the language can neither read nor name (emoji, other scripts) are listed, not spoken.
    """
    phrases: list[Phrase] = []
    words: list[Word] = []
    skipped: list[Skipped] = []
    for kind, token, offset in _tokens(text, language):
        word = _word(token, offset, language) if kind == "word" else None
        if word is not None and word.spoken:
            words.append(word)
        elif kind in ("word", "skip"):
            skipped += [Skipped(character, place) for place, character in enumerate(token, offset)]
        elif words:
            phrases.append(Phrase(tuple(words), _BOUNDARIES[token]))
            words = []
        elif (
            phrases and _STRENGTH[_BOUNDARIES[token]] > _STRENGTH[phrases[-1].boundary]
        ):  # as in "what?!" or ")."
            phrases[-1] = Phrase(phrases[-1].words, _BOUNDARIES[token])
    if words:
        phrases.append(Phrase(tuple(words), "statement"))
    return Reading(tuple(phrases), tuple(skipped))


def bare(symbol: str) -> str:
    """A phone symbol without stress and length marks."""
    return symbol.strip("ˈˌː")


def _tokens(text: str, language: Language) -> Iterator[tuple[str, str, int]]:
    start = 0
    while start < len(text):
        kind = _kind(text, start, language)
        stop = start + 1
        while kind in ("word", "digit") and stop < len(text) and _continues(text, stop, kind, language):
            stop += 1
        token = text[start:stop]
        if kind != "silent":
            yield "word" if kind in ("digit", "symbol") else kind, token, start
        start = stop


def _kind(text: str, at: int, language: Language) -> str:
    character = text[at]
    if character.isdecimal():
        return "digit"
    if _letters(character, language).strip("'"):
        return "word"
    if character in language.symbols:
        return "symbol"
    if character in _BOUNDARIES:
        return "boundary"
    return "silent" if character.isspace() or character in _SILENT else "skip"


def _continues(text: str, at: int, kind: str, language: Language) -> bool:
    if kind == "word":
        return bool(_letters(text[at], language)) and (
            text[at] not in "'’" or _kind_after(text, at, language) == "word"
        )
    return text[at].isdecimal() or (text[at] in ".," and _kind_after(text, at, language) == "digit")


def _kind_after(text: str, at: int, language: Language) -> str:
    return _kind(text, at + 1, language) if at + 1 < len(text) else "silent"


def _letters(character: str, language: Language) -> str:
    """The letters of the language that a character stands for: itself, its plain form, or none."""
    folded = language.lower(unicodedata.normalize("NFKC", character)).replace("’", "'")
    if all(c in language.letters for c in folded):
        return folded
    plain = _plain(folded.translate(_FOREIGN))
    return plain if plain and all(c in language.letters for c in plain) else ""


def _plain(letters: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", letters) if not unicodedata.combining(c))


def _word(token: str, offset: int, language: Language) -> Word:
    if token[0].isdecimal():
        spoken = _spelled(numeral_words(token, language), language)
    elif token in language.symbols:
        spoken = language.symbols[token].split()
    else:
        spoken = ["".join(_letters(c, language) for c in token)]
    phones = [(word, language.pronounce(word)) for word in spoken]
    readable = [pair for word, found in phones for pair in _or_letter_names(word, found, language)]
    return Word(token, offset, tuple(word for word, _ in readable), tuple(found for _, found in readable))


def _spelled(text: str, language: Language) -> list[str]:
    return ["".join(_letters(c, language) for c in word) for word in text.replace("-", " ").split()]


def _or_letter_names(
    word: str, phones: tuple[str, ...], language: Language
) -> list[tuple[str, tuple[str, ...]]]:
    """A word without a vowel cannot be said: its letters are named instead."""
    if any(phone_of(bare(symbol)).is_vowel for symbol in phones):
        return [(word, phones)]
    letters = (letter if letter in language.letter_names else _plain(letter) for letter in word)
    named = [name for letter in letters for name in language.letter_names.get(letter, "").split()]
    return [(name, language.pronounce(name)) for name in named]
