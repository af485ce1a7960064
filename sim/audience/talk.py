"""Talk: what viewers write or put up after a play."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.adversaries.author import Author, Draft
from sim.adversaries.composer import composed
from sim.audience.settings import Talk
from sim.batch import Columns
from sim.seeds import Draws, digest64

__all__ = ["Talkers"]

_DELAY = 4_000


@dataclass
class Talkers:
    """Viewers who write: benign comments, posts and uploads from the closed vocabulary."""

    settings: Talk
    author: Author

    def speak(
        self,
        end: NDArray[np.int64],
        who: Columns,
        language: NDArray[Any],
        bits: NDArray[np.uint64],
        *,
        talk: float,
    ) -> None:
        """Let some of the viewers whose play has just ended write something."""
        drafts: list[Draft] = []
        for purpose, kind in enumerate(("comment", "post", "upload")):
            level = talk * getattr(self.settings, kind)
            if level > 0:
                for row in np.flatnonzero(Draws.uniform_from(bits, 30 + purpose) < level).tolist():
                    spoken = self.author.languages[language[row]]
                    drafts.append(self._draft(kind, int(end[row]) + _DELAY, int(bits[row]), spoken, who, row))
        self.author.publish(drafts)

    def _draft(self, kind: str, at: int, bits: int, language: str, who: Columns, row: int) -> Draft:
        item = int(who["item_id"][row])
        bits = digest64("talk", kind, bits)
        recipe = composed("none", bits, title=self.author.title_of(item), language=language)
        return Draft(at, int(who["user_id"][row]), item, kind, recipe)
