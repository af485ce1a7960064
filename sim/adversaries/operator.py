"""A text operator: one way to disguise a text so that people still read it."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import lru_cache
from string import ascii_letters
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from sim.adversaries.skeleton import plain, skeleton
from sim.plugin import Family, OneOf, Plugin
from sim.seeds import Stream

__all__ = [
    "LETTERS",
    "OPERATORS",
    "AnyOperator",
    "CharacterOperator",
    "Frame",
    "FrameOperator",
    "Insertion",
    "Operator",
    "WordOperator",
    "operator",
    "plain",
    "touched",
]


LETTERS = frozenset(ascii_letters)
"""The letters that operators know how to disguise."""


class Frame(NamedTuple):
    """The words around the slots of a text (``{slot}`` stands for what is filled in), and those in its picture."""

    text: str
    in_image: str = ""


class Operator(Plugin):
    """Disguises a text, and tells whether what it did kept the label.

    ``sort`` says how the label is known to be kept: *lossless* operators can be undone character by character,
    *lossy* ones leave a word that still decodes to itself alone, *structural* ones work on what is around the word
    by tables whose every entry keeps the label.
    """

    sort: ClassVar[Literal["lossless", "lossy", "structural"]]

    strength: float = Field(default=0.5, ge=0, le=1)
    """How much is changed, from nothing to all that the operator may change."""


class WordOperator(Operator):
    """Disguises the word in a slot."""

    @abstractmethod
    def apply(self, word: str, *, rng: Stream) -> str:
        """The disguised word."""

    def preserves(self, before: str, after: str) -> bool:
        """Whether a disguise of a word kept what people read; for lossy operators see :class:`.Lexicon` too."""
        return skeleton(before) == skeleton(after)

    def restored(self, text: str) -> str:
        """The undisguised word in normal form: equal for a word and every lossless disguise of it."""
        return skeleton(text)


class CharacterOperator(WordOperator):
    """Puts something else in the place of single characters."""

    sort: ClassVar[Literal["lossless", "lossy", "structural"]] = "lossless"
    stand_ins: ClassVar[Mapping[str, Sequence[str]]]
    """What may stand in the place of each character."""

    def apply(self, word: str, *, rng: Stream) -> str:
        """The word with stand-ins for some of its characters, ``strength`` being their part of those that have one."""
        stand_ins = self.stand_ins
        places = [place for place, character in enumerate(word) if character in stand_ins]
        count = touched(self.strength, len(places))
        if not count:
            return word
        characters = list(word)
        bits = rng.bits()
        for chosen in rng.sample(count, of=len(places)):
            place = places[chosen]
            options = stand_ins[characters[place]]
            bits, option = divmod(bits or rng.bits(), len(options))
            characters[place] = options[option]
        return "".join(characters)


class Insertion(WordOperator):
    """Puts marks between letters."""

    sort: ClassVar[Literal["lossless", "lossy", "structural"]] = "lossless"
    marks: ClassVar[Sequence[str]]
    """What may stand between two letters."""

    def apply(self, word: str, *, rng: Stream) -> str:
        """The word with marks in some of the gaps between letters, ``strength`` being their part of all gaps."""
        letter = [character.isalnum() for character in word]
        gaps = [place for place in range(len(word) - 1) if letter[place] and letter[place + 1]]
        count = touched(self.strength, len(gaps))
        if not count:
            return word
        characters, marks = list(word), self.marks
        bits = rng.bits()
        for chosen in rng.sample(count, of=len(gaps)):
            bits, mark = divmod(bits or rng.bits(), len(marks))
            characters[gaps[chosen]] += marks[mark]
        return "".join(characters)


class FrameOperator(Operator):
    """Rewrites what stands around the slots of a text."""

    sort: ClassVar[Literal["lossless", "lossy", "structural"]] = "structural"

    @abstractmethod
    def reworded(self, frame: Frame, *, variants: Sequence[str], language: str, rng: Stream) -> Frame:
        """The frame in other words; ``variants`` are all templates of the same function and language."""

    @abstractmethod
    def preserves(self, before: Frame, after: Frame) -> bool:
        """Whether a rewritten frame has the label that the first one had."""


def touched(strength: float, count: int) -> int:
    """How many of so many places a strength touches: at least one if above 0."""
    return min(count, max(1, round(strength * count))) if strength else 0


OPERATORS = Family("operator", Operator, "sim.adversaries.operators")
AnyOperator = Annotated[Operator, OneOf(OPERATORS)]
"""Text operators, one a file: how a post is disguised."""


@lru_cache(maxsize=4096)
def operator(kind: str, strength: float) -> Operator:
    """The operator of a kind and strength; the same one each time, for reading its parameters costs more than its work.

    >>> operator("leet", 1.0).strength
    1.0
    """
    return OPERATORS.parse({"kind": kind, "strength": strength})
