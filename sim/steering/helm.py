"""The helm: carries changes out at their simulated times, each before all else that is due then."""

from collections.abc import Callable, Collection

import numpy as np
import simpy
from simpy.events import EventPriority

from sim.adversaries.campaign import Campaign
from sim.adversaries.playbill import Playbill
from sim.batch import objects
from sim.dials import Dials
from sim.events import kind_named
from sim.pace import Pace
from sim.scenario import Scenario
from sim.shifts.shift import Shift
from sim.stage import Stage
from sim.steering.campaign import StartCampaign
from sim.steering.change import Change, TooLateError
from sim.steering.shift import PlantShift

__all__ = ["Cue", "Helm"]

_FIRST = EventPriority(-1)


class Cue(simpy.Event):
    """A moment at which something happens before everything else that is due then, however late it was asked for."""

    def __init__(self, env: simpy.Environment, delay: int) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, _FIRST, delay)


class Helm:
    """What changes may lay hands on (see :class:`~sim.steering.change.Steered`), and when they do.

    Changes of the same tick are carried out in the order in which they were given. ``source`` numbers the records of
    the truth.
    """

    def __init__(
        self,
        env: simpy.Environment,
        scenario: Scenario,
        pace: Pace,
        dials: Dials,
        stage: Stage,
        playbill: Playbill,
        *,
        source: int,
        plant: Callable[[Shift], None],
    ) -> None:
        self.env, self.scenario, self.pace, self.dials = env, scenario, pace, dials
        self._stage, self._playbill, self._source, self.plant = stage, playbill, source, plant
        self._shifts = dict.fromkeys(shift.name for shift in scenario.shifts)
        self._campaigns = dict.fromkeys(campaign.name for campaign in scenario.campaigns)

    @property
    def shifts(self) -> Collection[str]:
        """Names of the shifts that are planned or planted."""
        return self._shifts

    @property
    def campaigns(self) -> Collection[str]:
        """Names of the campaigns that are planned or have begun."""
        return self._campaigns

    def start(self, campaign: Campaign) -> None:
        """Let a campaign begin now."""
        self._playbill.start(campaign)

    def stop(self, name: str) -> None:
        """End all that a campaign does."""
        self._playbill.stop(name)

    def steer(self, change: Change) -> None:
        """Have a change carried out; between ticks only. ValueError if it is too late, or contradicts the rest."""
        now, due = int(self.env.now), change.due(self.pace.span)
        if due < now:
            raise TooLateError(change.at, now)
        change.check(self)
        if isinstance(change, PlantShift):
            self._shifts[change.shift.name] = None
        elif isinstance(change, StartCampaign):
            self._campaigns[change.campaign.name] = None
        cue = Cue(self.env, due - now)
        assert cue.callbacks is not None
        cue.callbacks.append(lambda _: self._carry_out(change))

    def _carry_out(self, change: Change) -> None:
        change.act(self)
        if change.told is not None:
            self._tell(change.kind, *change.told)

    def _tell(self, kind: str, name: str, value: object) -> None:
        words = {"subject": f"steering:{name}", "change": kind, "name": name, "value": value}
        columns = {field: objects([word]) for field, word in words.items()}
        columns["at"] = np.array([int(self.env.now)], dtype=np.int64)
        columns["source"] = np.array([self._source], dtype=np.int64)
        self._stage.emit(kind_named("truth", "steering"), columns)
