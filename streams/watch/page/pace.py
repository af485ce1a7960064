"""The pace: how fast simulated time passes, as it is seen from here."""

from collections import deque

__all__ = ["Pace"]

_LOOKS = 10


class Pace:
    """Simulated seconds a second of wall time, over the last looks.

    >>> pace = Pace()
    >>> pace.of(10.0, 60_000), pace.of(12.0, 180_000)
    (None, 60.0)
    """

    def __init__(self) -> None:
        self._looks: deque[tuple[float, int]] = deque(maxlen=_LOOKS)

    def of(self, now: float, simulated: int | None) -> float | None:
        """Take the simulated time (ms) that was reached by now (s); the pace, or None while it is not known."""
        if simulated is not None and (not self._looks or now > self._looks[-1][0]):
            self._looks.append((now, simulated))
        if len(self._looks) < 2:
            return None
        (began, first), (ended, last) = self._looks[0], self._looks[-1]
        return round((last - first) / 1000 / (ended - began), 2)
