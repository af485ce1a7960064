"""The plan of an utterance: its phones in order, each with the prosody that its place asks for."""

from dataclasses import dataclass, replace

from media_gen.voice.language import Language
from media_gen.voice.phones import PAUSE, Phone, phone_of
from media_gen.voice.reading import Boundary, Phrase, Reading, bare

__all__ = ["Segment", "plan"]


@dataclass(frozen=True)
class Segment:
    """One phone in its place.

    ``symbol`` is the IPA with its length mark, without stress; ``word`` counts written words from 0 and is
    None in a pause; ``accented`` vowels carry a pitch accent; ``final`` phones belong to the last rhyme of
    their phrase; ``boundary`` is set on a pause only: how the phrase before it ends.
    """

    symbol: str
    phone: Phone
    stress: int = 0
    long: bool = False
    word: int | None = None
    word_initial: bool = False
    phrase: int = 0
    syllables: int = 1
    accented: bool = False
    final: bool = False
    boundary: Boundary | None = None


def plan(reading: Reading, language: Language) -> list[Segment]:
    """All segments of the reading, silence first and last."""
    segments = [_pause(0, None)]
    first_word = 0
    for number, phrase in enumerate(reading.phrases):
        segments += _final_rhyme_marked(_phrase(phrase, number, first_word, language))
        segments.append(_pause(number, phrase.boundary))
        first_word += len(phrase.words)
    return segments


def _phrase(phrase: Phrase, number: int, first_word: int, language: Language) -> list[Segment]:
    found: list[Segment] = []
    for index, word in enumerate(phrase.words, first_word):
        for spoken, symbols in zip(word.spoken, word.phones, strict=True):
            found += _word(symbols, index, number, clitic=spoken in language.clitics)
    return found


def _word(symbols: tuple[str, ...], word: int, phrase: int, *, clitic: bool) -> list[Segment]:
    syllables = sum(phone_of(bare(symbol)).is_vowel for symbol in symbols)
    segments = []
    for place, symbol in enumerate(symbols):
        stress = 0 if clitic else 1 if symbol[0] == "ˈ" else 2 if symbol[0] == "ˌ" else 0
        phone = phone_of(bare(symbol))
        segments.append(
            Segment(
                symbol=symbol.strip("ˈˌ"),
                phone=phone,
                stress=stress,
                long=symbol.endswith("ː"),
                word=word,
                word_initial=place == 0,
                phrase=phrase,
                syllables=syllables,
                accented=stress == 1 and phone.is_vowel,
            )
        )
    return segments


def _final_rhyme_marked(segments: list[Segment]) -> list[Segment]:
    nuclei = [i for i, segment in enumerate(segments) if segment.phone.is_vowel]
    start = nuclei[-1] if nuclei else len(segments)
    return segments[:start] + [replace(segment, final=True) for segment in segments[start:]]


def _pause(phrase: int, boundary: Boundary | None) -> Segment:
    return Segment(symbol=PAUSE, phone=phone_of(PAUSE), phrase=phrase, boundary=boundary)
