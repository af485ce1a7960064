"""Speaking styles: how a mood moves pitch, tempo and effort (directions after Scherer 2003)."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["STYLES", "Style", "StyleName"]

StyleName = Literal["neutral", "happy", "sad", "angry", "calm"]


@dataclass(frozen=True)
class Style:
    """Departures from a speaker's neutral habit.

    ``register`` in semitones; ``excursion`` and ``tempo`` are factors; ``effort_db`` raises the level and,
    through the glottal tilt (factor ``brightness``), the share of high harmonics; ``breath_db`` adds breath
    noise.
    """

    register: float = 0.0
    excursion: float = 1.0
    tempo: float = 1.0
    effort_db: float = 0.0
    brightness: float = 1.0
    breath_db: float = 0.0


STYLES: dict[StyleName, Style] = {
    "neutral": Style(),
    "happy": Style(register=3.0, excursion=1.5, tempo=1.08, effort_db=2.0, brightness=1.25),
    "sad": Style(register=-2.0, excursion=0.55, tempo=0.85, effort_db=-4.0, brightness=0.65, breath_db=5.0),
    "angry": Style(register=2.0, excursion=1.35, tempo=1.12, effort_db=4.0, brightness=1.6, breath_db=-4.0),
    "calm": Style(register=-1.0, excursion=0.75, tempo=0.92, effort_db=-2.0, brightness=0.85, breath_db=2.0),
}
