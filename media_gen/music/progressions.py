"""Progressions: a Markov walk over tonic, subdominant and dominant, closed by cadences."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from media_gen.music.chords import VOCABULARY, Chord, Function
from media_gen.music.pitch import Key, Mode
from media_gen.music.score import ChordSpan

__all__ = ["Cadence", "Harmony", "closing", "period"]

Cadence = Literal["half", "authentic", "plagal"]

_PHRASE_BARS = 4
_FUNCTIONS: tuple[Function, ...] = ("tonic", "subdominant", "dominant")
_MOVES: dict[Function, tuple[float, float, float]] = {  # to tonic, subdominant, dominant
    "tonic": (0.25, 0.5, 0.25),
    "subdominant": (0.25, 0.25, 0.5),
    "dominant": (0.75, 0.25, 0.0),
}
_TONIC: dict[Mode, str] = {"major": "I", "minor": "i"}
_PLAGAL: dict[Mode, str] = {"major": "IV", "minor": "iv"}


class Harmony:
    """Draws progressions in one key.

    `taste` replaces the weights of chords by numeral; `sevenths` adds the seventh to every chord, not only to
    the dominant before a close; `split` is the chance that the bar before a cadence holds two chords.
    """

    def __init__(
        self, key: Key, meter: int, *, taste: Mapping[str, float], sevenths: bool = False, split: float = 0.0
    ) -> None:
        self.key, self.meter, self.sevenths = key, meter, sevenths
        self.split = split if meter % 2 == 0 else 0.0
        self._chords = VOCABULARY[key.mode]
        self._weights = {name: taste.get(name, chord.weight) for name, chord in self._chords.items()}

    @property
    def tonic(self) -> Chord:
        """The chord of rest."""
        return self._coloured(self._chords[_TONIC[self.key.mode]])

    @property
    def dominant_seventh(self) -> Chord:
        """The chord that asks for the tonic."""
        return self._chords["V"].with_seventh()

    @property
    def plagal(self) -> Chord:
        """The fourth degree's chord, which may replace the dominant in a close."""
        return self._coloured(self._chords[_PLAGAL[self.key.mode]])

    def drawn(self, function: Function, *, after: Chord | None = None, rng: np.random.Generator) -> Chord:
        """A chord of a function by the weights, another one than `after`."""
        options = [
            chord
            for chord in self._chords.values()
            if chord.function == function and (after is None or chord.numeral != after.numeral)
        ]
        weights = np.array([self._weights[chord.numeral] for chord in options])
        return self._coloured(options[int(rng.choice(len(options), p=weights / weights.sum()))])

    def phrase(
        self, bars: int, cadence: Cadence, *, opening: Chord | None = None, rng: np.random.Generator
    ) -> list[list[Chord]]:
        """The chords of each bar: from the opening (the tonic), by the walk, into a cadence of two bars."""
        walk = [opening or self.tonic]
        while len(walk) < bars - 2:
            moves = np.array(_MOVES[walk[-1].function])
            if len(walk) == bars - 3 and cadence != "half":
                moves[_FUNCTIONS.index("subdominant" if cadence == "plagal" else "dominant")] = (
                    0  # it comes next
                )
            function = _FUNCTIONS[int(rng.choice(3, p=moves / moves.sum()))]
            walk.append(self.drawn(function, after=walk[-1], rng=rng))
        before = walk[-1] if bars > 2 else None
        return [[chord] for chord in walk[: bars - 2]] + self._cadence(cadence, before, rng)

    def _cadence(self, cadence: Cadence, before: Chord | None, rng: np.random.Generator) -> list[list[Chord]]:
        approach = self.drawn("subdominant", after=before, rng=rng)
        two = rng.random() < self.split
        if cadence == "half":
            opening = [self.drawn("tonic", after=before, rng=rng), approach] if two else [approach]
            return [opening, [self._coloured(self._chords["V"])]]
        goal = self.plagal if cadence == "plagal" else self.dominant_seventh
        return [[approach, goal] if two and approach.numeral != goal.numeral else [goal], [self.tonic]]

    def _coloured(self, chord: Chord) -> Chord:
        return chord.with_seventh() if self.sevenths else chord

    def spans(self, bars: Sequence[Sequence[Chord]]) -> tuple[ChordSpan, ...]:
        """Chords laid out in beats from 0, the chords of one bar equally long."""
        return tuple(
            ChordSpan(
                bar * self.meter + part * self.meter / len(chords), self.meter / len(chords), chord, self.key
            )
            for bar, chords in enumerate(bars)
            for part, chord in enumerate(chords)
        )


def period(harmony: Harmony, bars: int, close: Cadence, *, rng: np.random.Generator) -> tuple[ChordSpan, ...]:
    """A section's chords: phrases that ask (half cadence) and answer in turn, the last with `close`."""
    if bars == 2 and harmony.meter % 2 == 0:
        return harmony.spans(_two_a_bar(harmony.phrase(_PHRASE_BARS, close, rng=rng)))
    length = min(_PHRASE_BARS, bars)
    phrases = bars // length
    question = harmony.phrase(length, "half", rng=rng)
    opening = harmony.drawn("tonic", rng=rng) if phrases > 1 else harmony.tonic
    answers = [
        harmony.phrase(length, close, opening=opening, rng=rng) for _ in range(min(2, (phrases + 1) // 2))
    ]
    laid: list[list[Chord]] = []
    for index in range(phrases):
        answer = answers[-1] if index == phrases - 1 else answers[0]
        laid += answer if (phrases - index) % 2 else question
    return harmony.spans(laid)


def _two_a_bar(bars: list[list[Chord]]) -> list[list[Chord]]:
    chords = [bar[-1] for bar in bars]
    return [chords[index : index + 2] for index in range(0, len(chords), 2)]


def closing(harmony: Harmony, bars: int, *, alone: bool, rng: np.random.Generator) -> tuple[ChordSpan, ...]:
    """The final cadence in two or three bars: subdominant (tonic if alone), dominant seventh, tonic."""
    opening = harmony.tonic if alone else harmony.drawn("subdominant", rng=rng)
    goals = (
        [harmony.dominant_seventh] if harmony.meter % 2 or bars > 2 else [opening, harmony.dominant_seventh]
    )
    return harmony.spans([[opening]] * (bars - 2) + [goals, [harmony.tonic]])
