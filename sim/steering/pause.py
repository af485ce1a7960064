"""A pause of simulated time."""

from typing import Literal

from pydantic import JsonValue

from sim.steering.change import Change

__all__ = ["Pause"]


class Pause(Change):
    """Stops simulated time until a resumption at the same simulated time.

    >>> Pause(at="2026-11-22T12:30:00Z").due(7000)
    1795350606000
    """

    kind: Literal["pause"] = "pause"

    @property
    def told(self) -> tuple[str, JsonValue]:
        """That time stops."""
        return "clock", "paused"
