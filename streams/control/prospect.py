"""A prospect: the world as it would be if changes that are not carried out yet were."""

from collections.abc import Callable, Collection, Iterable

from sim.adversaries.campaign import Campaign
from sim.dials import Dials
from sim.pace import Pace
from sim.scenario import Scenario
from sim.shifts.shift import Shift
from sim.steering.campaign import StartCampaign
from sim.steering.change import Change, Steered
from sim.steering.shift import PlantShift

__all__ = ["check"]


class Prospect:
    """A :class:`~sim.steering.change.Steered` that knows of more names; to check changes against, not to make them."""

    def __init__(self, steered: Steered, ahead: Iterable[Change]) -> None:
        self._steered, ahead = steered, list(ahead)
        self.scenario: Scenario = steered.scenario
        self.pace: Pace = steered.pace
        self.dials: Dials = steered.dials
        self.shifts: Collection[str] = {
            *steered.shifts,
            *(change.shift.name for change in ahead if isinstance(change, PlantShift)),
        }
        self.campaigns: Collection[str] = {
            *steered.campaigns,
            *(change.campaign.name for change in ahead if isinstance(change, StartCampaign)),
        }

    @property
    def plant(self) -> Callable[[Shift], None]:
        """Lets a shift begin now."""
        return self._steered.plant

    def start(self, campaign: Campaign) -> None:
        """Let a campaign begin now."""
        self._steered.start(campaign)

    def stop(self, name: str) -> None:
        """End all that a campaign does."""
        self._steered.stop(name)


def check(change: Change, steered: Steered, *, decided: Iterable[Change], open_: Iterable[Change]) -> None:
    """ValueError if a change cannot be made after those decided, with or without those still open."""
    decided = list(decided)
    change.check(Prospect(steered, decided))
    change.check(Prospect(steered, [*decided, *open_]))
