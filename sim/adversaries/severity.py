"""Test strings (tier T0): marks that any filter can be taught in one line, in the manner of GTUBE for mail."""

import re

__all__ = ["is_mark", "mark"]

_MARK = re.compile(r"GREENROOM-TEST-[A-Z_]+-[0-4]-[A-Z]{6}")
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


def mark(policy: str, bits: int, *, violating: bool) -> str:
    """A test string: policy, severity from 1 to 4, and a tail; hard negatives carry one of severity 0.

    >>> mark("hate", 7, violating=True)
    'GREENROOM-TEST-HATE-4-CBBBBB'
    """
    rest, severity = divmod(bits, 4)
    tail = "".join(_LETTERS[rest // 20**place % 20] for place in range(6))
    return f"GREENROOM-TEST-{policy.upper()}-{severity + 1 if violating else 0}-{tail}"


def is_mark(text: str) -> bool:
    """True if a text is a test string.

    >>> is_mark("GREENROOM-TEST-HATE-4-BBBBBB"), is_mark("something else")
    (True, False)
    """
    return _MARK.fullmatch(text) is not None
