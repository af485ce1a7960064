"""Sock puppets: one person who talks to himself."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from sim.adversaries.lag import AnyLag
from sim.adversaries.lags.lognormal import Lognormal
from sim.adversaries.recipe import Recipe
from sim.adversaries.waves import Act, Wave, WaveCampaign
from sim.durations import MINUTE

__all__ = ["SockPuppets"]


class SockPuppets(WaveCampaign):
    """Conversations under an item: a question, the answer that sells something, and others who agree.

    A conversation takes an asker, an answerer and some who agree, in this order, each a lag after the one before; a
    wave has one conversation for every ``1 + 1 + agreeing`` members.

    >>> SockPuppets(name="chat", accounts=8).agreeing
    2
    """

    kind: Literal["sock_puppets"] = "sock_puppets"
    lag: AnyLag = Lognormal(median=3 * MINUTE, spread=0.7)
    """How long members wait before they act."""
    agreeing: int = Field(default=2, ge=0, le=20)
    """Puppets that agree with the answer."""

    def acts(self, wave: Wave) -> Iterator[Act]:
        """Conversations, one for each group of members."""
        members, size = wave.members(), 2 + self.agreeing
        for first in range(0, len(members) - size + 1, size):
            yield from self._conversation(wave, members[first : first + size])

    def _conversation(self, wave: Wave, members: list[int]) -> Iterator[Act]:
        item = wave.item()
        asker, answerer, *others = members
        times = wave.lags(len(members)).cumsum().tolist()
        yield Act(times[0], asker, "asker", "comment", item, self._said(wave, item, "question"))
        answer = wave.disguised(wave.recipe(item), answerer)
        yield Act(times[1], answerer, "answerer", "comment", item, answer)
        for time, member in zip(times[2:], others, strict=True):
            yield Act(time, member, "agreeing", "comment", item, self._said(wave, item, "praise"))

    @staticmethod
    def _said(wave: Wave, item: int, function: str) -> Recipe:
        return wave.recipe(item, policy="none", function=function)
