"""Lo-fi: slow swung loops of seventh chords on electric piano."""

from collections.abc import Mapping
from typing import Literal

from media_gen.music.form import Expansions
from media_gen.music.score import STEMS
from media_gen.music.style import Groove, Role, Stroke, Style

__all__ = ["Lofi"]

_ALL = frozenset(STEMS)
_LAZY = Groove(
    bass=(Stroke(0, 1.4, "root"), Stroke(1.5, 0.9, "fifth", 0.8), Stroke(2.5, 1.4, "root", 0.9)),
    keys=(Stroke(0, 1.4, "chord"), Stroke(1.5, 2.4, "chord", 0.8)),
    drums={"kick": "X--- ---- --x- ----", "snare": "---- x--- ---- x---", "hat": "x-o- x-o- x-o- x-x-"},
)
_BROKEN = Groove(
    bass=(Stroke(0, 1.9, "root"), Stroke(2, 1.4, "root", 0.85), Stroke(3.5, 0.45, "approach", 0.7)),
    keys=tuple(Stroke(step / 2, 1.2, str((0, 2, 1, 3)[step % 4]), 0.9) for step in range(8)),
    drums={"kick": "X--- --x- ---- x---", "rim": "---- x--- ---- x---", "shaker": "x-x- x-x- x-x- x-x-"},
)


class Lofi(Style):
    """Swung loops in four, electric piano and vibraphone over dusty drums."""

    kind: Literal["lofi"] = "lofi"
    tempo: tuple[float, float] = (70, 86)
    minor: float = 0.55
    grammar: Mapping[str, Expansions] = {
        "song": (
            (1, "loop"),
            (2, "loop answer"),
            (3, "loop answer loop"),
            (3, "loop loop answer song"),
            (1, "loop song"),
        ),
    }
    fewest: int = 2
    roles: Mapping[str, Role] = {
        "intro": Role(0.4, "lazy", frozenset({"keys", "pad"}), "half"),
        "loop": Role(0.7, "lazy", _ALL),
        "answer": Role(0.6, "broken", _ALL - {"pad"}, "half"),
        "ending": Role(0.5, "lazy", _ALL - {"drums"}),
    }
    grooves: Mapping[str, Groove] = {"lazy": _LAZY, "broken": _BROKEN}
    rhythms: tuple[tuple[float, ...], ...] = (
        (1.5, 0.5, 2),
        (-1, 0.5, 0.5, 1.5, -0.5),
        (0.5, 0.5, 1, -0.5, 1.5),
        (2, 0.5, 0.5, 1),
    )
    taste: Mapping[str, float] = {"iii": 2, "ii": 5, "vii": 0, "IV": 3}
    sevenths: bool = True
    split: float = 0.5
    instruments: Mapping[str, str] = {
        "lead": "vibraphone",
        "keys": "electric_piano",
        "pad": "warm_pad",
        "bass": "upright_bass",
    }
    kit: str = "dusty"
    fills: bool = False
    swing: float = 0.6
    looseness: float = 0.009
    ritard: float = 1.1
    reverberation: float = 1.2
    wetness: float = 0.25
