"""Lossy operators: edits that no table undoes, few enough that the word is still told from all others."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Literal

from rapidfuzz.distance import OSA

from sim.adversaries.lexicon import edits_allowed
from sim.adversaries.operator import CharacterOperator, WordOperator, touched
from sim.adversaries.skeleton import reading
from sim.seeds import Stream

__all__ = ["LetterEdits", "LetterSubstitution", "Misspelling"]


class Misspelling(WordOperator):
    """Edits some letters of a word, at most 34 % of them; ``strength`` is the part of these edits that are made."""

    sort: ClassVar[Literal["lossless", "lossy", "structural"]] = "lossy"

    def apply(self, word: str, *, rng: Stream) -> str:
        """The misspelt word."""
        count = touched(self.strength, edits_allowed(sum(map(str.isalnum, word))))
        if not count:
            return word
        return self.misspelt(word, count, rng=rng)

    def preserves(self, before: str, after: str) -> bool:
        """Whether no more letters were edited than people read over."""
        read = reading(before)
        return OSA.distance(read, reading(after)) <= edits_allowed(len(read))

    @abstractmethod
    def misspelt(self, word: str, edits: int, *, rng: Stream) -> str:
        """The word after at most so many edits."""


class LetterSubstitution(CharacterOperator):
    """Puts signs in the place of letters that a table undoes, so that a word stays legible at full strength."""

    sort: ClassVar[Literal["lossless", "lossy", "structural"]] = "lossy"

    def preserves(self, before: str, after: str) -> bool:
        """Whether the word is the same once letters are put for signs."""
        return reading(before) == reading(after)

    def restored(self, text: str) -> str:
        """The word with letters for signs, in normal form."""
        return reading(text)


class LetterEdits(Misspelling):
    """Makes each edit at a place of its own."""

    def misspelt(self, word: str, edits: int, *, rng: Stream) -> str:
        """The word with edits at random places."""
        places = self.places(word)
        characters = list(word)
        for chosen in rng.sample(edits, of=len(places)):
            self.edit(characters, places[chosen], rng=rng)
        return "".join(characters)

    @abstractmethod
    def places(self, word: str) -> Sequence[int]:
        """Where the word can be edited, one edit not touching another's letters."""

    @abstractmethod
    def edit(self, characters: list[str], place: int, *, rng: Stream) -> None:
        """Make one edit at a place."""
