"""EDM: four on the floor; build, drop and break in blocks of equal length."""

from collections.abc import Mapping
from typing import Literal

from media_gen.music.form import Expansions
from media_gen.music.score import STEMS
from media_gen.music.style import Groove, Role, Stroke, Style

__all__ = ["Edm"]

_ALL = frozenset(STEMS)
_OFFBEAT = tuple(Stroke(beat + 0.5, 0.45, "root") for beat in range(4))
_PLUCKED = tuple(Stroke(step / 2, 0.4, str((0, 1, 2, 3, 4, 3, 2, 1)[step]), 0.9) for step in range(8))
_STABS = tuple(
    Stroke(beat, 0.4, "chord", accent)
    for beat, accent in ((0, 1.1), (0.75, 0.9), (1.5, 1), (2.5, 0.9), (3.25, 0.9))
)
_BUILD = Groove(
    bass=(Stroke(0, 3.9, "root", 0.8),),
    keys=_PLUCKED,
    drums={"kick": "X--- X--- X--- X---", "snare": "o-o- o-o- x-x- xxxx", "hat": "--x- --x- --x- --x-"},
)
_DROP = Groove(
    bass=_OFFBEAT,
    keys=_STABS,
    drums={
        "kick": "X--- X--- X--- X---",
        "clap": "---- X--- ---- X---",
        "open_hat": "--x- --x- --x- --x-",
        "hat": "xo-o xo-o xo-o xo-o",
    },
)
_BREAK = Groove(bass=(Stroke(0, 3.9, "root"),), keys=_PLUCKED, drums={"shaker": "xoxo xoxo xoxo xoxo"})


class Edm(Style):
    """Build, drop and break over a four-to-the-floor kick."""

    kind: Literal["edm"] = "edm"
    tempo: tuple[float, float] = (120, 132)
    minor: float = 0.7
    grammar: Mapping[str, Expansions] = {
        "song": ((1, "drop"), (3, "wave"), (2, "wave drop"), (3, "wave break wave"), (2, "wave break drop")),
        "wave": ((3, "build drop"), (1, "build drop drop"), (1, "build drop break wave")),
    }
    roles: Mapping[str, Role] = {
        "intro": Role(0.6, "build", frozenset({"keys", "drums"}), "half"),
        "build": Role(0.75, "build", _ALL - {"lead"}, "half"),
        "drop": Role(1.0, "drop", _ALL),
        "break": Role(0.5, "break", _ALL, "half"),
        "ending": Role(0.9, "drop", _ALL),
    }
    grooves: Mapping[str, Groove] = {"build": _BUILD, "drop": _DROP, "break": _BREAK}
    rhythms: tuple[tuple[float, ...], ...] = (
        (0.75, 0.75, 0.5, 1, 1),
        (1, 0.5, 0.5, 1, 1),
        (0.5, 0.5, 0.5, 0.5, 1, -1),
        (1.5, 1.5, 1),
    )
    taste: Mapping[str, float] = {"vii": 0, "iii": 0.5, "VI": 5, "VII": 4}
    split: float = 0.0
    instruments: Mapping[str, str] = {
        "lead": "saw_lead",
        "keys": "synth_pluck",
        "pad": "warm_pad",
        "bass": "synth_bass",
    }
    kit: str = "electronic"
    looseness: float = 0.001
    balance: Mapping[str, float] = {"drums": 2, "bass": 1}
