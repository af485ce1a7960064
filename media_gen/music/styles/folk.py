"""Folk: strophes with a refrain, picked guitar, a flute's tune, plagal closes."""

from collections.abc import Mapping
from typing import Literal

from media_gen.music.form import Expansions
from media_gen.music.score import STEMS
from media_gen.music.style import Groove, Role, Stroke, Style

__all__ = ["Folk"]

_ALL = frozenset(STEMS)
_PICKED = Groove(
    bass=(Stroke(0, 1.9, "root"), Stroke(2, 1.9, "fifth", 0.85)),
    keys=tuple(Stroke(step / 2, 1.2, str((0, 2, 1, 3, 0, 2, 1, 2)[step]), 0.95) for step in range(8)),
    drums={"shaker": "x-o- x-o- x-o- x-o-"},
)
_STRUMMED = Groove(
    bass=(
        Stroke(0, 0.9, "root"),
        Stroke(1, 0.9, "fifth", 0.8),
        Stroke(2, 0.9, "root"),
        Stroke(3, 0.9, "third", 0.8),
    ),
    keys=tuple(
        Stroke(beat, 0.45, "chord", accent)
        for beat, accent in ((0, 1), (1, 0.9), (1.5, 0.7), (2, 0.95), (3, 0.9), (3.5, 0.75))
    ),
    drums={"kick": "X--- ---- x--- ----", "rim": "---- x--- ---- x---", "shaker": "x-o- x-o- x-o- x-o-"},
)


class Folk(Style):
    """Strophe and refrain in four for flute, steel guitar and upright bass."""

    kind: Literal["folk"] = "folk"
    tempo: tuple[float, float] = (88, 116)
    minor: float = 0.4
    grammar: Mapping[str, Expansions] = {
        "song": (
            (1, "strophe"),
            (3, "strophe refrain"),
            (3, "strophe strophe refrain"),
            (4, "strophe refrain song"),
            (1, "strophe song"),
        ),
    }
    roles: Mapping[str, Role] = {
        "intro": Role(0.55, "picked", frozenset({"keys", "bass"}), "half"),
        "strophe": Role(0.65, "picked", _ALL - {"pad"}),
        "refrain": Role(0.8, "strummed", _ALL, "plagal"),
        "ending": Role(0.65, "picked", _ALL - {"drums"}),
    }
    grooves: Mapping[str, Groove] = {"picked": _PICKED, "strummed": _STRUMMED}
    rhythms: tuple[tuple[float, ...], ...] = (
        (1, 1, 1, 1),
        (1, 0.5, 0.5, 1, 1),
        (1.5, 0.5, 1, 1),
        (0.5, 0.5, 1, 2),
        (2, 1, 1),
    )
    taste: Mapping[str, float] = {"IV": 5, "vii": 0, "bVII": 0.7, "v": 2, "VII": 4}
    split: float = 0.2
    instruments: Mapping[str, str] = {
        "lead": "flute",
        "keys": "steel_guitar",
        "pad": "accordion",
        "bass": "upright_bass",
    }
    fills: bool = False
    looseness: float = 0.008
    ritard: float = 1.2
    reverberation: float = 0.7
