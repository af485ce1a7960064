"""A campaign: accounts that post together, each a process on the stage."""

from abc import abstractmethod
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any

import simpy
from pydantic import Field

from sim.adversaries.author import Author, Draft
from sim.adversaries.moderator import Moderator
from sim.adversaries.troupe import Reaction, Troupe
from sim.catalog.catalog import Catalog
from sim.durations import HOUR, Duration
from sim.plugin import Family, OneOf, Plugin
from sim.seeds import rng_for

__all__ = ["CAMPAIGNS", "AnyCampaign", "Campaign", "Cast", "Process", "TroupeCampaign"]

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
    acting: dict[simpy.Event, None] = field(default_factory=dict)

    def start(self, process: Process) -> None:
        """Let a process of the campaign act until it ends, or the campaign is stopped."""
        started = self.env.process(_until_stopped(process))
        self.acting[started] = None
        assert started.callbacks is not None
        started.callbacks.append(self.acting.pop)

    def stop(self) -> None:
        """End all processes of the campaign."""
        for process in list(self.acting):
            assert isinstance(process, simpy.Process)
            process.interrupt()


def _until_stopped(process: Process) -> Process:
    with suppress(simpy.Interrupt):
        yield from process


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


class TroupeCampaign(Campaign):
    """A campaign of accounts that act again and again, and react to what is taken down."""

    accounts: int = Field(default=30, ge=1, le=100_000)
    """Number of accounts at a time."""
    every: Duration = Field(default=HOUR, gt=0)
    """Time between waves."""
    waves: int = Field(default=2**31, ge=1)
    """Number of waves."""
    on_takedown: Reaction = "persist"
    """What a member does whose account is suspended."""
    strikes: int = Field(default=1, ge=1)
    """Number of texts taken down after which an account is suspended."""

    def recruited(self, cast: Cast) -> Troupe:
        """The accounts, drawn from the audience."""
        rng = rng_for(cast.seed, "campaign", self.name)
        return Troupe(cast.viewers, min(self.accounts, cast.viewers), self.on_takedown, rng=rng)

    def post(self, cast: Cast, troupe: Troupe, member: int, draft: Draft) -> int | None:
        """Publish what a member says; returns when it is taken down (epoch ms), or None."""
        cast.author.publish([draft])
        (taken_down,) = cast.moderator.review([draft])
        if taken_down is not None:
            cast.start(self._struck(cast, troupe, member, draft.viewer, taken_down))
        return taken_down

    def _struck(self, cast: Cast, troupe: Troupe, member: int, account: int, at: int) -> Process:
        yield cast.env.timeout(at - int(cast.env.now))
        troupe.strike(member, account, self.strikes)


CAMPAIGNS = Family("campaign", Campaign, "sim.adversaries.campaigns")
AnyCampaign = Annotated[Campaign, OneOf(CAMPAIGNS)]
