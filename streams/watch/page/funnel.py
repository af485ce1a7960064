"""The funnel: how far viewers get, from opening the service to a like."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["STAGES", "Funnel", "Stage"]

_POINTS = 120
_RECENT = 30
_SMOOTHED = 5


@dataclass(frozen=True)
class Stage:
    """One step: the kind of record that shows it, and the step that it is measured against."""

    kind: str
    name: str
    of: str | None
    per: str


STAGES = (
    Stage("session_start", "Sessions", None, ""),
    Stage("impression", "Impressions", "session_start", "per session"),
    Stage("select", "Selects", "impression", "of impressions"),
    Stage("play", "Plays", "select", "per select"),
    Stage("complete", "Completed", "play", "of plays"),
    Stage("abandon", "Abandoned", "play", "of plays"),
    Stage("skip", "Skipped", "play", "of plays"),
    Stage("like", "Likes", "play", "of plays"),
)


class Funnel:
    """Counts of the stages so far, and the ratio of each to the one before, now and over the last looks.

    >>> funnel = Funnel()
    >>> funnel.look({"session_start": 10, "impression": 100})
    >>> funnel.look({"session_start": 20, "impression": 300})
    >>> funnel.as_json()["stages"][1]["ratio"]
    15.0
    """

    def __init__(self) -> None:
        self._looks: deque[dict[str, int]] = deque(maxlen=_POINTS + 1)

    def look(self, counts: Mapping[str, int]) -> None:
        """Take the counts of all kinds so far."""
        self._looks.append({stage.kind: counts.get(stage.kind, 0) for stage in STAGES})

    def as_json(self) -> dict[str, object]:
        """Each stage: its count, its ratio over the whole run and over the last 30 looks, and its trend.

        A point of the trend is the ratio over five looks; of the first stage, how many came in them.
        """
        looks = list(self._looks) or [{stage.kind: 0 for stage in STAGES}]
        return {"stages": [_told(stage, looks) for stage in STAGES]}


def _told(stage: Stage, looks: list[dict[str, int]]) -> dict[str, object]:
    nothing = dict.fromkeys(looks[-1], 0)
    known = [nothing, *looks] if len(looks) <= _POINTS else looks
    pairs = [(known[max(0, end - _SMOOTHED)], known[end]) for end in range(1, len(known))]
    return {
        "kind": stage.kind, "name": stage.name, "of": stage.of, "per": stage.per, "count": looks[-1][stage.kind],
        "ratio": _ratio(stage, nothing, looks[-1]),
        "recent": _ratio(stage, known[max(0, len(known) - 1 - _RECENT)], known[-1]),
        "trend": [_ratio(stage, *pair) if stage.of else _more(stage, *pair) for pair in pairs],
    }  # fmt: skip


def _more(stage: Stage, before: Mapping[str, int], after: Mapping[str, int]) -> int:
    return after[stage.kind] - before[stage.kind]


def _ratio(stage: Stage, before: Mapping[str, int], after: Mapping[str, int]) -> float | None:
    if stage.of is None or not (whole := after[stage.of] - before[stage.of]):
        return None
    return round((after[stage.kind] - before[stage.kind]) / whole, 5)
