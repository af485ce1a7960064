"""A/B test: viewers are shared out among policies, for good."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sim.catalog.catalog import Catalog
from sim.recommenders.divided import Division
from sim.recommenders.recommender import AnySolo, Panels, Recommender, SlateRequests, Slates
from sim.seeds import Draws
from sim.shares import shares

__all__ = ["ABPolicy", "ABTest", "Arm"]


class Arm(BaseModel):
    """One arm of a test: who fills the slates of which part of the audience."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    share: float = Field(default=1.0, gt=0)
    """Relative number of viewers."""
    recommender: AnySolo
    """Who fills their slates."""


class ABTest(Recommender):
    """Two or more policies, each for its share of the viewers; slates are logged under the arm's name.

    Which arm a viewer is in is a hash of viewer and experiment: it depends on nothing else, and another experiment
    shares viewers out anew. Policies that learn have a panel each.

    >>> from sim.recommenders.recommender import RECOMMENDERS
    >>> arms = {"old": {"recommender": {"kind": "popularity"}}, "new": {"recommender": {"kind": "random"}}}
    >>> RECOMMENDERS.parse({"kind": "ab_test", "arms": arms}).policies
    ('old', 'new')
    """

    kind: Literal["ab_test"] = "ab_test"
    experiment: str = Field(default="experiment", min_length=1)
    """Name of the experiment."""
    arms: dict[str, Arm] = Field(min_length=2, max_length=16)
    """The arms by name."""

    @property
    def policies(self) -> tuple[str, ...]:
        """The names of the arms."""
        return tuple(self.arms)

    def open(self, catalog: Catalog, *, regions: int, size: int, panels: Panels) -> "ABPolicy":
        """The policies of all arms."""
        opened = [
            (arm.recommender.open(catalog, regions=regions, size=size, panels=panels), 1)
            for arm in self.arms.values()
        ]
        return ABPolicy(self, Division.of(opened, size))


class ABPolicy:
    """The policies of the arms, and who is in which."""

    def __init__(self, test: ABTest, division: Division) -> None:
        self.division = division
        self._draws = Draws(0, "experiment", test.experiment)
        self._edges = np.cumsum(shares({name: arm.share for name, arm in test.arms.items()}))[:-1]

    def arm(self, viewer: NDArray[np.int64]) -> NDArray[np.int64]:
        """The number of the arm that each viewer is in."""
        arm: NDArray[np.int64] = np.searchsorted(self._edges, self._draws.uniform(viewer), "right")
        return arm

    def refresh(self, now: int) -> None:
        """Refresh the policies of all arms."""
        self.division.refresh(now)

    def answer(self, requests: SlateRequests) -> Slates:
        """The slates, each by the policy of the viewer's arm."""
        return self.division.answer(requests, self.arm(requests.viewer))

    def propensities(self, requests: SlateRequests, items: NDArray[np.int32]) -> NDArray[np.float64]:
        """Probability of each item at its rank in the viewer's arm."""
        return self.division.propensities(requests, items, self.arm(requests.viewer))
