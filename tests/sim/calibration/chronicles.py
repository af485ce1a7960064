"""Chronicles written by hand, whose statistics can be counted on fingers."""

from typing import Any

import numpy as np

from sim.calibration.chronicle import Chronicle
from sim.durations import DAY


def chronicle(counts: dict[str, int] | None = None, **columns: dict[str, Any]) -> Chronicle:
    """A chronicle of ten days with these columns; counts are those of the columns unless told otherwise."""
    kept = {kind: {name: np.asarray(c) for name, c in parts.items()} for kind, parts in columns.items()}
    found = {kind: len(parts["at"]) for kind, parts in kept.items()}
    creator = np.arange(100) // 10
    return Chronicle(0, 10 * DAY, kept, found | (counts or {}), creator, 100, ("phone", "desktop"), 50, 40)


def plays(user: list[int], item: list[int], at: list[int] | None = None) -> dict[str, Any]:
    return {
        "at": at or list(range(len(user))),
        "user_id": user,
        "item_id": item,
        "session_id": [0] * len(user),
    }
