"""Dials: the named levels of the world that a shift may turn."""

from sim.names import UnknownNameError

__all__ = ["DIALS", "Dials"]

DIALS = {
    "arrivals": "How often viewers come, relative to the scenario.",
    "watch_scale": "How long they watch, relative to the scenario.",
    "choosiness": "How strongly taste decides, relative to the scenario.",
    "taste_turn": "How far tastes are turned: 1 as they are, 2 by a quarter turn (nobody likes what they liked), 3 "
    "to the opposite.",
    "reactions": "How often they like, dislike and rate, relative to the scenario.",
    "talk": "How often they comment, post and upload, relative to the scenario.",
}


class Dials:
    """The present level of every dial; 1 is what the scenario says.

    >>> dials = Dials()
    >>> dials.turn("watch_scale", 0.5)
    >>> dials["watch_scale"]
    0.5
    """

    def __init__(self) -> None:
        self._levels = dict.fromkeys(DIALS, 1.0)

    def __getitem__(self, name: str) -> float:
        try:
            return self._levels[name]
        except KeyError:
            raise UnknownNameError("dial", name, DIALS) from None

    def turn(self, name: str, factor: float) -> None:
        """Multiply a dial by a factor."""
        self._levels[name] = self[name] * factor
