"""Another speed of simulated time."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, JsonValue

from sim.steering.change import Change

__all__ = ["SetSpeed"]


def _factor(value: object) -> object:
    if value == "max":
        return None
    if isinstance(value, str):
        try:
            return float(value.removesuffix("x"))
        except ValueError:
            raise ValueError(f"{value!r} must be max, or a factor such as 1x or 60x") from None
    return value


class SetSpeed(Change):
    """Lets simulated time pass faster or more slowly; what is simulated does not depend on it.

    >>> SetSpeed(at=0, speed="60x").speed
    60.0
    """

    kind: Literal["speed"] = "speed"
    speed: Annotated[Annotated[float, Field(gt=0, le=1e9)] | None, BeforeValidator(_factor)]
    """Simulated seconds a second of wall time; ``max`` (null) is as fast as possible."""

    @property
    def told(self) -> tuple[str, JsonValue]:
        """The speed."""
        return "speed", self.speed
