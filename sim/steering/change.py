"""A change: something that is made different in a running world, at a simulated time."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol

from pydantic import BeforeValidator, Field, JsonValue, WithJsonSchema

from sim.adversaries.campaign import Campaign
from sim.dials import Dials
from sim.pace import Pace
from sim.plugin import Family, OneOf, Plugin
from sim.scenario import Scenario
from sim.shifts.shift import Shift

__all__ = [
    "CHANGES",
    "AnyChange",
    "Change",
    "Moment",
    "Steered",
    "TooLateError",
    "beside",
    "parse_moment",
    "written_moment",
]


def parse_moment(value: object) -> int:
    """Epoch milliseconds of a moment written in ISO 8601 (UTC unless it says otherwise), or given as such.

    >>> parse_moment("2026-11-22T12:30:00Z")
    1795350600000
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is no moment; write one such as '2026-11-22T12:30:00Z'") from None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def written_moment(at: int) -> str:
    """A moment (epoch ms) in ISO 8601.

    >>> written_moment(1795350600000)
    '2026-11-22T12:30:00Z'
    """
    text = datetime.fromtimestamp(at / 1000, UTC).isoformat(
        timespec="milliseconds" if at % 1000 else "seconds"
    )
    return text.replace("+00:00", "Z")


Moment = Annotated[
    int,
    BeforeValidator(parse_moment),
    Field(ge=0, lt=2**53),
    WithJsonSchema({"type": ["string", "integer"], "description": "Simulated time: ISO 8601 or epoch ms."}),
]


class TooLateError(ValueError):
    """A change that was to take effect before what can still be changed."""

    def __init__(self, at: int, earliest: int) -> None:
        super().__init__(f"{written_moment(at)} is too late; the earliest time is {written_moment(earliest)}")
        self.at, self.earliest = at, earliest


class Steered(Protocol):
    """What a change may lay hands on."""

    scenario: Scenario
    pace: Pace
    dials: Dials

    @property
    def shifts(self) -> Collection[str]:
        """Names of the shifts that are planned or planted."""

    @property
    def campaigns(self) -> Collection[str]:
        """Names of the campaigns that are planned or have begun."""

    @property
    def plant(self) -> Callable[[Shift], None]:
        """Lets a shift begin now."""

    def start(self, campaign: Campaign) -> None:
        """Let a campaign begin now."""

    def stop(self, name: str) -> None:
        """End all that a campaign does."""


class Change(Plugin):
    """One change, whole in itself: the same changes at the same times give the same world."""

    at: Moment
    """Simulated time from which it holds: that of the next tick, if it falls into one."""

    def due(self, span: int) -> int:
        """The beginning of the tick (of ``span`` ms) with which it takes effect, epoch ms."""
        return -(-self.at // span) * span

    def check(self, steered: Steered) -> None:
        """ValueError if it contradicts the scenario, or what was changed before."""

    def act(self, steered: Steered) -> None:
        """Make it so; nothing, if it concerns the clock on the wall alone."""

    @property
    def told(self) -> tuple[str, JsonValue] | None:
        """What it changes and to what, for the record of the truth; None if that has a record of its own."""
        return None


def beside(scenario: Scenario, field: str, plugin: Any) -> None:
    """ValueError if a plug-in would contradict the scenario, were it one of those in a field."""
    parts = {name: getattr(scenario, name) for name in type(scenario).model_fields}
    Scenario.model_validate(parts | {field: (*parts[field], plugin)})


CHANGES = Family("change", Change, "sim.steering")
AnyChange = Annotated[Change, OneOf(CHANGES)]
