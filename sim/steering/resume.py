"""The end of a pause."""

from typing import Literal

from pydantic import JsonValue

from sim.steering.change import Change

__all__ = ["Resume"]


class Resume(Change):
    """Lets simulated time go on from where a pause stopped it.

    >>> Resume(at=0).kind
    'resume'
    """

    kind: Literal["resume"] = "resume"

    @property
    def told(self) -> tuple[str, JsonValue]:
        """That time goes on."""
        return "clock", "resumed"
