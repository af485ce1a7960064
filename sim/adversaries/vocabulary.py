"""The closed vocabulary that fills slots: invented brands, harmless lures, and links that lead nowhere."""

from sim.catalog.titles import invented_name
from sim.seeds import Picks

__all__ = ["LURES", "brand", "link"]

LURES = (
    "voucher",
    "tablet",
    "gift card",
    "season pass",
    "headset",
    "premium month",
    "prize box",
    "ticket pack",
)
_SUFFIXES = ("Rewards", "Direct", "Bonus", "Club", "Prime Deals", "Support")


def brand(bits: int) -> str:
    """An invented brand.

    >>> brand(0)
    'Baba Rewards'
    """
    picks = Picks(bits)
    return f"{invented_name(picks)} {picks.one(_SUFFIXES)}"


def link(bits: int) -> str:
    """A link in the domain .test, which is reserved and never resolves (RFC 2606)."""
    picks = Picks(bits)
    return f"https://{invented_name(picks).lower()}-{100 + picks.below(900)}.test/{picks.below(10**6):06d}"
