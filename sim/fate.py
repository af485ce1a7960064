"""Fates: what becomes of a record between the moment it is made and the topic, by code."""

from enum import IntEnum

__all__ = ["DAMAGED", "Fate"]


class Fate(IntEnum):
    """What is done to one record, as a column of a batch holds it."""

    WHOLE = 0
    """Nothing; it may leave later than it happened."""
    DROPPED = 1
    """It is counted as published, and never sent."""
    COPY = 2
    """It is sent a second time."""
    TRUNCATED = 3
    """Its bytes end before its event id does."""
    GARBLED = 4
    """Its bytes are no text of any kind."""
    OVERSIZED = 5
    """It is valid, and larger than consumers expect."""
    WRONG_TYPE = 6
    """A field that must be a number is a text."""
    FIELD_MISSING = 7
    """A required field is absent."""
    TOMBSTONE = 8
    """It has no value, though nothing has ended."""


DAMAGED = (Fate.TRUNCATED, Fate.GARBLED, Fate.OVERSIZED, Fate.WRONG_TYPE, Fate.FIELD_MISSING)
"""Fates that change the bytes of a value."""
