"""Company: who of a household opens each session, and the truth about it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.population import Population, Region
from sim.durations import HOUR
from sim.events import kind_named
from sim.stage import Stage

__all__ = ["Company"]

_HOUSEHOLD = kind_named("truth", "household")


class Company:
    """Seats the member of a household who comes before its account; says so on the truth topic, nowhere else."""

    def __init__(self, people: Population, stage: Stage, regions: Mapping[str, Region], block: int) -> None:
        self._people, self._stage, self._block = people, stage, block
        offsets = [round(region.utc_offset * HOUR) for region in regions.values()]
        self._offset = np.array(offsets, dtype=np.int64)

    def enter(self, rows: NDArray[np.int64], at: NDArray[np.int64], session: NDArray[Any]) -> None:
        """Sessions of viewers begin."""
        people, household = self._people, self._people.household
        if household is None:
            return
        viewer = people.viewer[rows]
        member = household.present(viewer, session, at + self._offset[people.region[rows]])
        people.present[rows] = member
        members = household.members(viewer)
        shared = np.flatnonzero(members > 1)
        viewer, member = viewer[shared], member[shared]
        self._stage.emit(
            _HOUSEHOLD,
            {
                "at": at[shared],
                "source": viewer // self._block,
                "subject": session[shared].astype(np.int64),
                "user_id": viewer,
                "member": member.astype(np.int64),
                "members": members[shared],
                "role": household.role(viewer, member),
            },
        )
