"""Pauses: where simulated time stands still."""

from collections.abc import Iterable

from sim.steering.change import Change
from sim.steering.pause import Pause
from sim.steering.resume import Resume

__all__ = ["pauses"]


def pauses(changes: Iterable[Change], span: int) -> set[int]:
    """Simulated times (epoch ms) at which changes, in order, stop the clock and do not let it go on.

    >>> stop, more, go = Pause(at=900), Pause(at=5000), Resume(at=1000)
    >>> pauses([stop, more, go], span=1000)
    {5000}
    """
    found: set[int] = set()
    for change in changes:
        if isinstance(change, Pause):
            found.add(change.due(span))
        elif isinstance(change, Resume):
            found.discard(change.due(span))
    return found
