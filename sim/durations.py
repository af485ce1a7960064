"""Spans of simulated time, written as ``90s``, ``15m``, ``2h`` or ``7d`` and counted in milliseconds."""

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

__all__ = ["DAY", "HOUR", "MINUTE", "SECOND", "Duration", "parse_duration"]

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_UNITS = {"ms": 1, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}
_PATTERN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def parse_duration(text: object) -> int:
    """Milliseconds of a span; a plain integer is milliseconds already.

    >>> parse_duration("1h30m") == 90 * MINUTE
    True
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    parts = _PATTERN.findall(text) if isinstance(text, str) else []
    if not parts or "".join(number + unit for number, unit in parts) != str(text).replace(" ", ""):
        raise ValueError(
            f"{text!r} is not a duration; write a number and a unit (ms, s, m, h, d), such as '90s' or '1h30m'"
        )
    return round(sum(float(number) * _UNITS[unit] for number, unit in parts))


Duration = Annotated[
    int,
    BeforeValidator(parse_duration),
    WithJsonSchema(
        {"type": ["string", "integer"], "description": "A span of time such as 90s, 15m, 2h or 7d."}
    ),
]
