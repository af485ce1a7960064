"""How often the same is played again."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from sim.calibration.chronicle import Chronicle
from sim.calibration.pairs import distinct_pairs
from sim.calibration.statistic import Statistic

__all__ = ["PlaysPerPair", "RepeatShare"]


def _plays_and_pairs(chronicle: Chronicle) -> Mapping[str, tuple[int, int]]:
    play = chronicle.of("play")
    user, item = play["user_id"], play["item_id"]
    return {
        "item": (len(user), distinct_pairs(user, item)),
        "creator": (len(user), distinct_pairs(user, chronicle.creator[item])),
    }


class RepeatShare(Statistic):
    """Share of plays of an item, and of anything by its creator, that the viewer has played before."""

    kind: Literal["repeat_share"] = "repeat_share"
    share: ClassVar[bool] = True

    @property
    def kinds(self) -> frozenset[str]:
        """Plays."""
        return frozenset({"play"})

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """``item`` and ``creator``."""
        found = _plays_and_pairs(chronicle)
        return {name: 1 - pairs / plays if plays else float("nan") for name, (plays, pairs) in found.items()}


class PlaysPerPair(Statistic):
    """Mean plays of an item, and of anything by a creator, by a viewer who plays it at all."""

    kind: Literal["plays_per_pair"] = "plays_per_pair"

    @property
    def kinds(self) -> frozenset[str]:
        """Plays."""
        return frozenset({"play"})

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """``item`` and ``creator``."""
        found = _plays_and_pairs(chronicle)
        return {name: plays / pairs if pairs else float("nan") for name, (plays, pairs) in found.items()}
