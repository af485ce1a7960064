"""Ambient: slow held chords, sparse bell notes, a large room, no drums."""

from collections.abc import Mapping
from typing import Literal

from media_gen.music.form import Expansions
from media_gen.music.score import STEMS
from media_gen.music.style import Groove, Role, Stroke, Style

__all__ = ["Ambient"]

_ALL = frozenset(STEMS) - {"drums"}
_STILL = Groove(bass=(Stroke(0, 3.9, "root"),), keys=(Stroke(0, 3.8, "chord"),))
_RIPPLE = Groove(
    bass=(Stroke(0, 3.9, "root"),),
    keys=tuple(Stroke(beat, 2.0, str(voice), 0.9) for beat, voice in enumerate((0, 2, 4, 1))),
)


class Ambient(Style):
    """Held chords and slow bells in four, in a large room."""

    kind: Literal["ambient"] = "ambient"
    tempo: tuple[float, float] = (60, 80)
    minor: float = 0.45
    grammar: Mapping[str, Expansions] = {
        "song": (
            (2, "drift"),
            (2, "drift swell"),
            (3, "drift swell drift"),
            (3, "drift swell song"),
            (1, "drift song"),
        ),
    }
    fewest: int = 2
    roles: Mapping[str, Role] = {
        "intro": Role(0.4, "still", frozenset({"pad", "keys"}), "plagal"),
        "drift": Role(0.6, "ripple", _ALL, "plagal"),
        "swell": Role(0.8, "still", _ALL, "half"),
        "ending": Role(0.5, "still", _ALL),
    }
    grooves: Mapping[str, Groove] = {"still": _STILL, "ripple": _RIPPLE}
    rhythms: tuple[tuple[float, ...], ...] = ((2, 2), (3, -1), (-1, 1, 2), (2, 1, 1))
    taste: Mapping[str, float] = {"V": 2, "vii": 0, "iii": 2}
    sevenths: bool = True
    split: float = 0.0
    instruments: Mapping[str, str] = {
        "lead": "flute",
        "keys": "kalimba",
        "pad": "strings",
        "bass": "soft_bass",
    }
    looseness: float = 0.012
    ritard: float = 1.15
    balance: Mapping[str, float] = {"pad": 5, "lead": -2}
    reverberation: float = 3.0
    wetness: float = 0.45
