"""Invented dialects: ways of writing that mark a group of speakers and mean nothing else.

They stand for real ones, against which classifiers are known to err more often (Sap et al. 2019; Blodgett et al. 2016),
so that false positives by dialect can be measured without writing in anybody's name.
"""

import re
from functools import lru_cache

from sim.names import UnknownNameError

__all__ = ["DIALECTS", "spoken"]

_SLOT = re.compile(r"(\{[a-z_]+\})")

DIALECTS: dict[str, tuple[tuple[str, str], ...]] = {
    "vale": ((r"oo|ou", "uu"), (r"ee|ea", "ii"), (r"([.!?])$", r", ne\1")),
    "shore": ((r"ck\b", "kk"), (r"\bth", "zh"), (r"ing\b", "een")),
    "ridge": ((r"\b(?:the|a|an) ", ""), (r"\bis\b", "be-is"), (r"\bare\b", "be-are")),
}
"""Spelling rules of each dialect, in order: a pattern and what stands for it."""


@lru_cache(maxsize=4096)
def spoken(template: str, dialect: str) -> str:
    """A template in a dialect; its slots stay as they are.

    >>> spoken("There is more like {title} in the book.", "vale")
    'There is more like {title} in the buuk, ne.'
    """
    if dialect not in DIALECTS:
        raise UnknownNameError("dialect", dialect, DIALECTS)
    parts = _SLOT.split(template)
    return "".join(part if part.startswith("{") else _changed(part, dialect) for part in parts)


def _changed(text: str, dialect: str) -> str:
    for pattern, replacement in DIALECTS[dialect]:
        text = re.sub(pattern, replacement, text)
    return text
