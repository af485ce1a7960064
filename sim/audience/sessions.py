"""Sessions: a viewer's walk from slate to slate, all viewers of a step at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.plays import Plays
from sim.audience.population import Population
from sim.audience.settings import AudienceSettings
from sim.batch import Columns, taken
from sim.catalog.catalog import Catalog
from sim.dials import Dials
from sim.events import kind_named
from sim.recommenders.recommender import Policy, SlateRequests, Slates
from sim.seeds import Draws
from sim.stage import Stage

__all__ = ["Sessions"]

_IMPRESSION = kind_named("journeys", "impression")
_SELECT = kind_named("journeys", "select")
_SESSION_START = kind_named("journeys", "session_start")
_SESSION_END = kind_named("journeys", "session_end")
_REGISTERED = kind_named("audience", "registered")


@dataclass
class Sessions:
    """Rules by which sessions open, look at slates, play and end.

    A session is a row of columns: ``at`` (when its next slate is due), ``row`` (place of its viewer in the
    population), ``session``, ``slate``, ``slates`` (how many it will see), ``started`` and ``plays``.
    """

    settings: AudienceSettings
    population: Population
    catalog: Catalog
    policy: Policy
    dials: Dials
    stage: Stage
    plays: Plays
    seed: int

    def __post_init__(self) -> None:
        self._depth = Draws(self.seed, "depth")
        self._slate = Draws(self.seed, "slate")
        self._ranks = np.arange(1, self.settings.slate + 1, dtype=np.int16)

    def opened(self, rows: NDArray[np.int64], at: NDArray[np.int64], session: NDArray[np.int64]) -> Columns:
        """New sessions, announced, with their depth decided and their first slate due."""
        people = self.population
        viewer = people.viewer[rows]
        person: Columns = {"at": at, "source": viewer // self.settings.block, "user_id": viewer}
        person |= {"region": people.region[rows], "device": people.device[rows]}
        self.stage.emit(_SESSION_START, {**person, "session_id": session})
        new = np.flatnonzero(session == 0)
        self.register(rows[new], at[new])
        slates = self.settings.depth.slates(*(self._depth.uniform(viewer, session, k) for k in (0, 1)))
        nothing = np.zeros(len(rows), dtype=np.int64)
        return {
            "at": at + 200,
            "row": rows,
            "session": session,
            "slate": nothing,
            "slates": slates,
            "started": at,
            "plays": nothing,
        }

    def register(self, rows: NDArray[np.int64], at: NDArray[np.int64]) -> None:
        """Announce viewers who are seen for the first time."""
        viewer = self.population.viewer[rows]
        known = {
            name: getattr(self.population, name)[rows]
            for name in ("region", "device", "language", "age_band", "consent")
        }
        self.stage.emit(
            _REGISTERED, {"at": at, "source": viewer // self.settings.block, "user_id": viewer, **known}
        )

    def step(self, walk: Columns) -> tuple[Columns, Columns]:
        """One slate for every row; the sessions that go on, and those that are over with ``at`` their end."""
        asked = self.requests(walk)
        return self.respond(walk, asked, self.policy.answer(asked))

    def requests(self, walk: Columns) -> SlateRequests:
        """The slate request of every row."""
        viewer = self.population.viewer[walk["row"]]
        bits = self._slate.bits(viewer, walk["session"], walk["slate"])
        region, nothing = self.population.region[walk["row"]], np.empty((len(viewer), 0), dtype=np.int32)
        return SlateRequests(viewer, region, walk["at"], bits, self.settings.slate, nothing)

    def respond(self, walk: Columns, asked: SlateRequests, slates: Slates) -> tuple[Columns, Columns]:
        """What viewers do with the slates that answer their requests; returns as :meth:`step`."""
        viewer, bits = asked.viewer, asked.bits
        picked, affinity = self._picked(walk["row"], slates.items, bits)
        self._show(walk, viewer, slates)
        then = walk["at"] + 1 + self._pause(bits, 2, self.settings.pauses.think)
        chosen = np.flatnonzero(picked >= 0)
        if len(chosen):
            then[chosen] = self._play(
                taken(walk, chosen),
                picked[chosen],
                slates.items[chosen],
                affinity,
                then[chosen],
                bits[chosen],
            )
        going = {**walk, "at": then, "slate": walk["slate"] + 1, "plays": walk["plays"] + (picked >= 0)}
        over = going["slate"] >= going["slates"]
        return taken(going, np.flatnonzero(~over)), taken(going, np.flatnonzero(over))

    def _picked(
        self, row: NDArray[Any], items: NDArray[np.int32], bits: NDArray[np.uint64]
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        taste = self.population.taste[row] * np.float32(self.settings.taste * self.dials["choosiness"])
        liking = np.matmul(self.catalog.trait[items], taste[:, :, None])[:, :, 0]
        picked = self.settings.choice.pick(liking + self.catalog.quality[items], Draws.uniform_from(bits, 1))
        chosen = np.flatnonzero(picked >= 0)
        return picked, liking[chosen, picked[chosen]]

    def _show(
        self,
        walk: Columns,
        viewer: NDArray[np.int64],
        slates: Slates,
    ) -> None:
        count, size = slates.items.shape
        wide = {
            "at": walk["at"],
            "source": viewer // self.settings.block,
            "user_id": viewer,
            "session_id": walk["session"],
            "slate_id": walk["slate"],
        }
        columns: Columns = {name: np.repeat(column, size) for name, column in wide.items()}
        columns |= {
            "item_id": slates.items.ravel(),
            "rank": np.tile(self._ranks, count),
            "propensity": slates.propensity.ravel(),
            "policy": slates.policy_of_items.ravel(),
        }
        self.stage.emit(_IMPRESSION, columns)

    def _play(
        self,
        walk: Columns,
        picked: NDArray[np.int64],
        items: NDArray[np.int32],
        affinity: NDArray[Any],
        at: NDArray[np.int64],
        bits: NDArray[np.uint64],
    ) -> NDArray[np.int64]:
        viewer = self.population.viewer[walk["row"]]
        item = items[np.arange(len(items)), picked]
        who = {
            "source": viewer // self.settings.block,
            "user_id": viewer,
            "session_id": walk["session"],
            "item_id": item,
        }
        self.stage.emit(
            _SELECT, {"at": at, **who, "slate_id": walk["slate"], "rank": (picked + 1).astype(np.int16)}
        )
        start = at + 1 + self._pause(bits, 3, self.settings.pauses.startup)
        end = self.plays.run(start, who, affinity, self.population.language[walk["row"]], bits)
        return end + 1 + self._pause(bits, 4, self.settings.pauses.between)

    def ended(self, over: Columns) -> None:
        """Announce the end of sessions."""
        viewer = self.population.viewer[over["row"]]
        who = {
            "at": over["at"],
            "source": viewer // self.settings.block,
            "user_id": viewer,
            "session_id": over["session"],
        }
        lasted = over["at"] - over["started"]
        self.stage.emit(
            _SESSION_END, {**who, "lasted_ms": lasted, "slates": over["slate"], "plays": over["plays"]}
        )

    def _pause(self, bits: NDArray[np.uint64], purpose: int, mean: int) -> NDArray[np.int64]:
        pause: NDArray[np.int64] = np.rint(-np.log1p(-Draws.uniform_from(bits, purpose)) * mean).astype(
            np.int64
        )
        return pause
