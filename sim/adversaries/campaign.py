"""A campaign: accounts that post together, each a process on the stage."""

from abc import abstractmethod
from collections.abc import Generator
from dataclasses import dataclass
from typing import Annotated, Any

import simpy
from pydantic import Field

from sim.adversaries.author import Author
from sim.adversaries.moderator import Moderator
from sim.catalog.catalog import Catalog
from sim.durations import Duration
from sim.plugin import Family, OneOf, Plugin

__all__ = ["CAMPAIGNS", "AnyCampaign", "Campaign", "Cast", "Process"]

Process = Generator[simpy.Event, Any, None]


@dataclass
class Cast:
    """What a campaign works with: the clock, the audience it recruits from, the catalogue, and an author,
    and a moderator."""

    env: simpy.Environment
    seed: int
    viewers: int
    catalog: Catalog
    author: Author
    moderator: Moderator


class Campaign(Plugin):
    """Accounts with a plan; its name stands in the labels of what they post."""

    name: str = Field(min_length=1, pattern=r"^[a-z0-9_-]+$")
    """Name of the campaign in the labels."""
    start: Duration = Field(default=0, ge=0)
    """Simulated time from the start of the run to the first wave."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which it posts; the audience must speak them."""
        return ()

    @abstractmethod
    def run(self, cast: Cast) -> Process:
        """The campaign as a SimPy process."""


CAMPAIGNS = Family("campaign", Campaign, "sim.adversaries.campaigns")
AnyCampaign = Annotated[Campaign, OneOf(CAMPAIGNS)]
