"""Talk: what viewers write or put up after a play."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.adversaries.author import Author, Draft
from sim.adversaries.mixture import Mixture
from sim.adversaries.moderator import Moderator
from sim.adversaries.policy import POLICIES
from sim.audience.settings import Talk
from sim.batch import Columns
from sim.dials import Dials
from sim.seeds import Draws, Stream, digest64

__all__ = ["Talkers"]

_DELAY = 4_000
_PURPOSES = {
    "comment": 30,
    "post": 31,
    "upload": 32,
    "direct_message": 33,
    "profile": 34,
    "live_chat": 35,
    "report": 36,
}
"""What may be written, and the purpose of the draw that decides whether it is."""


@dataclass
class Talkers:
    """Viewers who write: talk from the closed vocabulary, a stated part of which violates some policy."""

    settings: Talk
    author: Author
    moderator: Moderator
    viewers: int

    def speak(
        self,
        end: NDArray[np.int64],
        who: Columns,
        language: NDArray[Any],
        bits: NDArray[np.uint64],
        *,
        dials: Dials,
    ) -> None:
        """Let some of the viewers whose play has just ended write something."""
        talk = dials.of("talk", who["user_id"])
        violating = np.broadcast_to(dials.of("violating", who["user_id"]), len(end))
        drafts: list[Draft] = []
        for kind, purpose in _PURPOSES.items():
            if chance := getattr(self.settings, kind):
                level = talk * chance
                for row in np.flatnonzero(Draws.uniform_from(bits, purpose) < level).tolist():
                    spoken = self.author.languages[language[row]]
                    at, level_here = int(end[row]) + _DELAY, float(violating[row])
                    drafts.append(self._draft(kind, at, int(bits[row]), spoken, who, row, level_here))
        self.author.publish(drafts)
        self.moderator.review(drafts)

    def _draft(
        self, kind: str, at: int, bits: int, language: str, who: Columns, row: int, violating: float
    ) -> Draft:
        item, viewer = int(who["item_id"][row]), int(who["user_id"][row])
        draws = Stream(digest64("talk", kind, bits))
        recipe = self._mixture.recipe(
            draws.bits(),
            viewer=viewer,
            title=self.author.title_of(item),
            language=language,
            kind=kind,
            violating=violating,
        )
        return Draft(
            at,
            viewer,
            item,
            kind,
            recipe,
            target=draws.below(self.viewers),
            reason=draws.one(tuple(POLICIES.classes())) if kind == "report" else "",
            medium=self._medium(draws),
        )

    def _medium(self, draws: Stream) -> str:
        names, weights = zip(*self.settings.media.items(), strict=True)
        drawn = draws.bits() * 2.0**-64 * sum(weights)
        return str(names[int(np.searchsorted(np.cumsum(weights), drawn, side="right"))])

    @cached_property
    def _mixture(self) -> Mixture:
        return Mixture(self.settings.moderation, self.author.seed)
