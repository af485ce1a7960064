"""Errors about names: what was asked for, what is known, and the near miss."""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["UnknownNameError", "near_miss"]


def near_miss(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, or None."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


class UnknownNameError(ValueError):
    """A name that nothing answers to.

    >>> raise UnknownNameError("journey", "brouse", ["browse", "binge"])
    Traceback (most recent call last):
    sim.names.UnknownNameError: unknown journey 'brouse'; known: binge, browse. Did you mean 'browse'?
    """

    def __init__(self, noun: str, name: str, known: Iterable[str]) -> None:
        known = sorted(known)
        message = f"unknown {noun} {name!r}; known: {', '.join(known) or 'none'}."
        meant = near_miss(name, known)
        super().__init__(message + (f" Did you mean {meant!r}?" if meant else ""))
        self.noun, self.name, self.known = noun, name, known
