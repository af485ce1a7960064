"""Rock: riffs in eighths, distorted guitar, plagal turns and the flat seventh."""

from collections.abc import Mapping
from typing import Literal

from media_gen.music.form import Expansions
from media_gen.music.score import STEMS
from media_gen.music.style import Groove, Role, Stroke, Style

__all__ = ["Rock"]

_ALL = frozenset(STEMS)
_EIGHTHS = tuple(Stroke(step / 2, 0.46, "root", 1.0 if step % 2 == 0 else 0.85) for step in range(8))
_CALM = Groove(
    bass=_EIGHTHS,
    keys=(Stroke(0, 1.9, "chord"), Stroke(2, 1.4, "chord", 0.9), Stroke(3.5, 0.45, "chord", 0.85)),
    drums={"kick": "X--- --x- x--- ----", "snare": "---- X--- ---- X---", "hat": "x-x- x-x- x-x- x-x-"},
)
_FULL = Groove(
    bass=(*_EIGHTHS[:6], Stroke(3, 0.46, "fifth"), Stroke(3.5, 0.46, "approach")),
    keys=tuple(Stroke(step / 2, 0.45, "chord", 1.05 if step in (0, 3, 6) else 0.8) for step in range(8)),
    drums={"kick": "X-x- ---- X-x- --x-", "snare": "---- X--- ---- X---", "ride": "X-x- X-x- X-x- X-x-"},
)
_SOLO = Groove(
    bass=_EIGHTHS,
    keys=(Stroke(0, 3.9, "chord"),),
    drums={"kick": "X--- x--- X--- x---", "snare": "---- X--- ---- X--o", "open_hat": "x--- x--- x--- x---"},
)


class Rock(Style):
    """Verse, chorus and solo in four, guitars over a heavy back beat."""

    kind: Literal["rock"] = "rock"
    tempo: tuple[float, float] = (110, 150)
    minor: float = 0.5
    grammar: Mapping[str, Expansions] = {
        "song": (
            (1, "chorus"),
            (2, "body"),
            (2, "body chorus"),
            (3, "body solo chorus"),
            (2, "body solo body"),
        ),
        "body": ((2, "verse chorus"), (1, "verse verse chorus"), (1, "verse chorus body")),
    }
    roles: Mapping[str, Role] = {
        "intro": Role(0.85, "full", frozenset({"keys", "bass", "drums"}), "half"),
        "verse": Role(0.7, "calm", _ALL - {"pad"}, "half"),
        "chorus": Role(1.0, "full", _ALL, "plagal"),
        "solo": Role(0.9, "solo", _ALL, "half"),
        "ending": Role(0.9, "full", _ALL),
    }
    grooves: Mapping[str, Groove] = {"calm": _CALM, "full": _FULL, "solo": _SOLO}
    rhythms: tuple[tuple[float, ...], ...] = (
        (1, 1, 1, 1),
        (0.5, 0.5, 0.5, 0.5, 1, 1),
        (1.5, 1.5, 1),
        (0.5, 0.5, 1, 2),
        (-1, 0.5, 0.5, 1, 1),
    )
    taste: Mapping[str, float] = {"bVII": 3, "iii": 0.3, "vii": 0, "ii": 1, "VII": 4}
    instruments: Mapping[str, str] = {
        "lead": "saw_lead",
        "keys": "distorted_guitar",
        "pad": "organ",
        "bass": "finger_bass",
    }
    looseness: float = 0.006
    ritard: float = 1.15
    wetness: float = 0.15
