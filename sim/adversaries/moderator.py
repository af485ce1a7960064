"""The moderator: takes texts down by a verdict policy, and says so."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.adversaries.author import Draft
from sim.adversaries.rulebook import Rulebook
from sim.adversaries.verdict import Verdicts
from sim.batch import Columns, objects
from sim.events import kind_named
from sim.seeds import digest64
from sim.stage import Stage

__all__ = ["Moderator"]

_TAKEDOWN = kind_named("truth", "takedown")


@dataclass
class Moderator:
    """Reviews what is posted, campaigns and everybody else alike; without a verdict policy nothing is taken down."""

    verdicts: Verdicts | None
    seed: int
    block: int
    stage: Stage
    rulebook: Rulebook = field(default_factory=Rulebook)

    def review(self, drafts: list[Draft]) -> list[int | None]:
        """When each draft is taken down (epoch ms), or None; takedowns are announced on ``truth``."""
        if self.verdicts is None:
            return [None] * len(drafts)
        found = [self._taken_down(self.verdicts, draft) for draft in drafts]
        removed = [
            (draft, at)
            for draft, at in zip(drafts, found, strict=True)
            if at is not None
            and self.stage.owns(draft.viewer // self.block)
            and not self._forgotten(draft, at)
        ]
        if removed:
            self.stage.emit(_TAKEDOWN, self._columns(removed))
        return found

    def _taken_down(self, verdicts: Verdicts, draft: Draft) -> int | None:
        known = self.rulebook.violating(draft.recipe, draft.at - verdicts.policy_lag)
        verdict = verdicts.verdict(draft.recipe, self._bits(draft), violating=known)
        return draft.at + verdict.delay if verdict.flagged else None

    def _forgotten(self, draft: Draft, at: int) -> bool:
        """True if the author has been forgotten by then: nothing is told of them any more."""
        departs = self.stage.departures.get(draft.viewer)
        return departs is not None and at >= departs

    def _bits(self, draft: Draft) -> int:
        return digest64("verdict", self.seed, draft.viewer, draft.at, draft.kind)

    def _columns(self, removed: list[tuple[Draft, int]]) -> Columns:
        words: dict[str, list[Any]] = {
            "subject": [f"u{draft.viewer:08d}" for draft, _ in removed],
            "posted_at": [draft.at for draft, _ in removed],
            "posted_as": [draft.kind for draft, _ in removed],
            "policy": [draft.recipe.policy for draft, _ in removed],
            "violating": [self.rulebook.violating(draft.recipe, draft.at) for draft, _ in removed],
            "campaign": [draft.campaign for draft, _ in removed],
        }
        return {
            "at": np.array([at for _, at in removed], dtype=np.int64),
            "source": np.array([draft.viewer // self.block for draft, _ in removed], dtype=np.int64),
            **{name: objects(values) for name, values in words.items()},
        }
