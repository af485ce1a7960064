"""The closed vocabulary that fills slots: invented brands, harmless lures, and links that lead nowhere."""

import numpy as np

from sim.catalog.titles import invented_name

__all__ = ["LURES", "brand", "link"]

LURES = ("voucher", "tablet", "gift card", "season pass", "headset", "premium month", "prize box", "ticket pack")
_SUFFIXES = ("Rewards", "Direct", "Bonus", "Club", "Prime Deals", "Support")


def brand(rng: np.random.Generator) -> str:
    """An invented brand."""
    return f"{invented_name(rng)} {rng.choice(_SUFFIXES)}"


def link(rng: np.random.Generator) -> str:
    """A link in the domain .test, which is reserved and never resolves (RFC 2606)."""
    return f"https://{invented_name(rng).lower()}-{int(rng.integers(100, 1000))}.test/{int(rng.integers(10**6)):06d}"
