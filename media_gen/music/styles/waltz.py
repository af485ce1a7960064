"""Waltz: three in a bar, bass on one, chords on two and three, a violin's tune, rounded forms."""

from collections.abc import Mapping
from typing import Literal

from media_gen.music.form import Expansions
from media_gen.music.score import STEMS
from media_gen.music.style import Groove, Role, Stroke, Style

__all__ = ["Waltz"]

_ALL = frozenset(STEMS) - {"drums"}
_PLAIN = Groove(
    bass=(Stroke(0, 0.9, "root"),),
    keys=(Stroke(1, 0.7, "chord", 0.85), Stroke(2, 0.7, "chord", 0.8)),
)
_TURNING = Groove(
    bass=(Stroke(0, 1.9, "root"), Stroke(2, 0.9, "fifth", 0.8)),
    keys=tuple(Stroke(step / 2, 0.8, str((0, 1, 2, 3, 2, 1)[step]), 0.9) for step in range(6)),
)


class Waltz(Style):
    """A dance in three for violin, piano, strings and bass."""

    kind: Literal["waltz"] = "waltz"
    tempo: tuple[float, float] = (120, 160)
    meter: Literal[3, 4] = 3
    minor: float = 0.35
    grammar: Mapping[str, Expansions] = {
        "song": (
            (1, "theme"),
            (2, "theme theme"),
            (3, "theme answer theme"),
            (4, "theme theme answer theme"),
            (2, "theme theme answer song"),
        ),
        "answer": ((1, "second"), (1, "second second"), (1, "second trio")),
    }
    roles: Mapping[str, Role] = {
        "intro": Role(0.5, "plain", _ALL - {"lead"}, "half"),
        "theme": Role(0.75, "plain", _ALL),
        "second": Role(0.9, "turning", _ALL, "half"),
        "trio": Role(0.6, "turning", _ALL - {"pad"}),
        "ending": Role(0.8, "plain", _ALL),
    }
    grooves: Mapping[str, Groove] = {"plain": _PLAIN, "turning": _TURNING}
    rhythms: tuple[tuple[float, ...], ...] = (
        (2, 1),
        (1, 1, 1),
        (1.5, 0.5, 1),
        (1, 0.5, 0.5, 1),
        (0.5, 0.5, 1, 1),
    )
    instruments: Mapping[str, str] = {
        "lead": "violin",
        "keys": "piano",
        "pad": "strings",
        "bass": "upright_bass",
    }
    looseness: float = 0.008
    ritard: float = 1.3
    reverberation: float = 1.6
    wetness: float = 0.3
