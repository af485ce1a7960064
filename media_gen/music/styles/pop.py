"""Pop: verse and chorus, piano chords on the beat, a back beat, a lifted last chorus."""

from collections.abc import Mapping
from typing import Literal

from media_gen.music.form import Expansions
from media_gen.music.score import STEMS
from media_gen.music.style import Groove, Role, Stroke, Style

__all__ = ["Pop"]

_ALL = frozenset(STEMS)
_CALM = Groove(
    bass=(Stroke(0, 1.9, "root"), Stroke(2, 1.4, "root", 0.9), Stroke(3.5, 0.45, "fifth", 0.8)),
    keys=tuple(Stroke(beat, 0.9, "chord", 1.0 if beat == 0 else 0.85) for beat in range(4)),
    drums={"kick": "X--- ---- x-x- ----", "snare": "---- x--- ---- x---", "hat": "x-o- x-o- x-o- x-o-"},
)
_FULL = Groove(
    bass=tuple(Stroke(step / 2, 0.45, "octave" if step in (3, 7) else "root") for step in range(8)),
    keys=(
        *(Stroke(beat, 0.9, "chord") for beat in range(3)),
        Stroke(2.5, 0.45, "chord", 0.9),
        Stroke(3, 0.9, "chord"),
    ),
    drums={"kick": "X--x --x- X-x- ---x", "snare": "---- X--- ---- X--o", "hat": "x-x- x-x- x-x- x-x-"},
)


class Pop(Style):
    """Verse and chorus in four, piano and square lead over a back beat."""

    kind: Literal["pop"] = "pop"
    tempo: tuple[float, float] = (96, 126)
    grammar: Mapping[str, Expansions] = {
        "song": (
            (1, "chorus"),
            (2, "body"),
            (3, "body chorus"),
            (3, "body bridge chorus chorus"),
            (2, "body bridge chorus"),
        ),
        "body": ((2, "verse chorus"), (1, "verse verse chorus"), (2, "verse chorus body")),
    }
    roles: Mapping[str, Role] = {
        "intro": Role(0.45, "calm", frozenset({"keys", "pad"}), "half"),
        "verse": Role(0.65, "calm", _ALL - {"pad"}, "half"),
        "chorus": Role(1.0, "full", _ALL),
        "bridge": Role(0.75, "calm", _ALL, "half"),
        "ending": Role(0.8, "full", _ALL),
    }
    grooves: Mapping[str, Groove] = {"calm": _CALM, "full": _FULL}
    rhythms: tuple[tuple[float, ...], ...] = (
        (1, 0.5, 0.5, 1, 1),
        (0.5, 0.5, 1, 0.5, 0.5, 1),
        (1.5, 0.5, 1, 1),
        (-0.5, 0.5, 0.5, 0.5, 1, 1),
        (1, 1, 1.5, 0.5),
        (0.5, 1, 0.5, 1, 1),
    )
    instruments: Mapping[str, str] = {
        "lead": "square_lead",
        "keys": "piano",
        "pad": "warm_pad",
        "bass": "finger_bass",
    }
    ritard: float = 1.12
    lift: int = 2
