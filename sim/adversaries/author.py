"""Authors: turn recipes into content events, with their labels beside them."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from sim.adversaries.gate import RefusedError, gated
from sim.adversaries.operator import Frame
from sim.adversaries.recipe import Recipe
from sim.adversaries.rulebook import Rulebook
from sim.adversaries.signals import CHILD_SAFETY, Signals
from sim.batch import Columns, objects
from sim.catalog.titles import title
from sim.events import kind_named
from sim.media import MediaDesk
from sim.seeds import digest64
from sim.stage import Stage

__all__ = ["MEDIA", "Author", "Draft"]

MEDIA = ("image", "clip", "voice_note", "song")
"""What an upload may be."""


@dataclass(frozen=True)
class Draft:
    """A text about to be posted: who, when, under which item, and what is true about it."""

    at: int
    viewer: int
    item: int
    kind: str
    recipe: Recipe
    campaign: str = ""
    role: str = "organic"
    target: int = 0
    """To whom a message goes, or about whom a report is."""
    reason: str = ""
    """The policy that a report names."""
    medium: str = "image"
    """What an upload is."""


@dataclass
class Author:
    """Writes drafts and hands them to the stage; benign and adversarial ones take the same way through the gate."""

    seed: int
    block: int
    languages: tuple[str, ...]
    desk: MediaDesk
    stage: Stage
    signals: Signals = field(default_factory=Signals)
    rulebook: Rulebook = field(default_factory=Rulebook)

    def publish(self, drafts: list[Draft]) -> None:
        """Post the drafts of viewers who belong to this shard."""
        drafts = [draft for draft in drafts if self.stage.owns(draft.viewer // self.block)]
        for kind in dict.fromkeys(draft.kind for draft in drafts):
            self.stage.emit(
                kind_named("content", kind), self._columns(kind, [d for d in drafts if d.kind == kind])
            )

    def title_of(self, item: int) -> str:
        """The title of an item."""
        return _title(self.seed, item)

    def _columns(self, kind: str, drafts: list[Draft]) -> Columns:
        frames = [self._gated(draft) for draft in drafts]
        columns = {
            **_places(drafts, self.block),
            **{name: objects(values) for name, values in _labels(drafts, self.rulebook).items()},
            "language": np.array([self.languages.index(draft.recipe.language) for draft in drafts], np.uint8),
            "text": objects([frame.text for frame in frames]),
            "media": objects([self._media(d, f) for d, f in zip(drafts, frames, strict=True)]),
        }
        if kind in ("direct_message", "report"):
            columns["target_id"] = np.array([draft.target for draft in drafts], dtype=np.int64)
        if kind == "report":
            columns["reason"] = objects([draft.reason for draft in drafts])
        if kind == "upload":
            columns["medium"] = objects([draft.medium for draft in drafts])
            columns["signals"] = objects([self.signals.of(d.recipe, d.viewer, d.at) for d in drafts])
        return columns

    def _gated(self, draft: Draft) -> Frame:
        if draft.recipe.policy == CHILD_SAFETY and (self.signals.bank is None or draft.kind != "upload"):
            raise RefusedError(
                "child_safety stands on uploads alone, and only if audience.talk.moderation.child_safety names its "
                f"targets; this is a {draft.kind}"
            )
        return gated(draft.recipe)

    def _media(self, draft: Draft, frame: Frame) -> object:
        if not self.desk.wants("content", draft.kind):
            return None
        recipe = draft.recipe
        event = {
            "text": frame.text,
            "language": recipe.language,
            "title": self.title_of(draft.item),
            "in_image": frame.in_image or self.title_of(draft.item),
            "marker": self.signals.marker(recipe),
        }
        return self.desk.specs("content", draft.kind, event, draft.viewer, draft.at, medium=draft.medium)


def _places(drafts: list[Draft], block: int) -> Columns:
    viewer = np.array([draft.viewer for draft in drafts], dtype=np.int64)
    return {
        "at": np.array([draft.at for draft in drafts], dtype=np.int64),
        "source": viewer // block,
        "user_id": viewer,
        "item_id": np.array([draft.item for draft in drafts], dtype=np.int64),
    }


def _labels(drafts: list[Draft], rulebook: Rulebook) -> dict[str, list[Any]]:
    recipes = [draft.recipe for draft in drafts]
    return {
        "policy": [recipe.policy for recipe in recipes],
        "function": [recipe.function for recipe in recipes],
        "operators": [[{"kind": k, "strength": s} for k, s in recipe.chain] for recipe in recipes],
        "campaign": [draft.campaign for draft in drafts],
        "role": [draft.role for draft in drafts],
        "violating": [rulebook.violating(draft.recipe, draft.at) for draft in drafts],
        "pair": [recipe.pair for recipe in recipes],
        "tier": [recipe.tier for recipe in recipes],
        "dialect": [recipe.dialect for recipe in recipes],
    }


@lru_cache(maxsize=65_536)
def _title(seed: int, item: int) -> str:
    return title(digest64(seed, "title", item))
