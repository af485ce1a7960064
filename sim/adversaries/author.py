"""Authors: turn recipes into content events, with their labels beside them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.adversaries.recipe import Recipe, written
from sim.batch import Columns, objects
from sim.catalog.titles import title
from sim.events import kind_named
from sim.media import MediaDesk
from sim.seeds import digest64
from sim.stage import Stage

__all__ = ["Author", "Draft"]


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


@dataclass
class Author:
    """Writes drafts and hands them to the stage; benign and adversarial ones take the same way.

    The gate: every text is written twice from its recipe, and published only if both agree.
    """

    seed: int
    block: int
    languages: tuple[str, ...]
    desk: MediaDesk
    stage: Stage

    def publish(self, drafts: list[Draft]) -> None:
        """Post the drafts."""
        for kind in dict.fromkeys(draft.kind for draft in drafts):
            self.stage.emit(kind_named("content", kind), self._columns([d for d in drafts if d.kind == kind]))

    def title_of(self, item: int) -> str:
        """The title of an item."""
        return title(digest64(self.seed, "title", item))

    def _columns(self, drafts: list[Draft]) -> Columns:
        viewer = np.array([draft.viewer for draft in drafts], dtype=np.int64)
        texts = [_gated(draft.recipe) for draft in drafts]
        words: dict[str, list[Any]] = {
            "text": texts,
            "media": [self._media(draft, text) for draft, text in zip(drafts, texts, strict=True)],
            "policy": [draft.recipe.policy for draft in drafts],
            "function": [draft.recipe.function for draft in drafts],
            "operators": [[{"kind": k, "strength": s} for k, s in draft.recipe.chain] for draft in drafts],
            "campaign": [draft.campaign for draft in drafts],
            "role": [draft.role for draft in drafts],
        }
        language = [self.languages.index(draft.recipe.language) for draft in drafts]
        return {
            "at": np.array([draft.at for draft in drafts], dtype=np.int64),
            "source": viewer // self.block,
            "user_id": viewer,
            "item_id": np.array([draft.item for draft in drafts], dtype=np.int64),
            "language": np.array(language, dtype=np.uint8),
            **{name: objects(values) for name, values in words.items()},
        }

    def _media(self, draft: Draft, text: str) -> object:
        event = {"text": text, "language": draft.recipe.language, "title": self.title_of(draft.item)}
        return self.desk.specs("content", draft.kind, event, draft.viewer, draft.at)


def _gated(recipe: Recipe) -> str:
    text = written(recipe)
    if written(recipe) != text:
        raise ValueError(f"{recipe} does not give the same text twice; it cannot be published")
    return text
