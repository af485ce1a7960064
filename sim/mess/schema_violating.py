"""Records that break their schema."""

from typing import Literal

from sim.fate import Fate
from sim.mess.spoiling import Spoiling

__all__ = ["SchemaViolating"]


class SchemaViolating(Spoiling):
    """Records that can be read and are not what their schema says: a number as text, or a required field missing.

    >>> SchemaViolating(kinds=("play", "like")).kinds
    ('play', 'like')
    """

    kind: Literal["schema_violating"] = "schema_violating"

    fates = (Fate.WRONG_TYPE, Fate.FIELD_MISSING)
