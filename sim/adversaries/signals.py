"""Signals of uploads: markers that media carry in their content, and hashes by which platforms match known media.

The public code table: a violating upload carries a code of its policy's range (:attr:`.Policy.codes`), a hard negative
a code one bit beside it (a near miss), benign uploads one below 0x100.
"""

from dataclasses import dataclass

from sim.adversaries.hashbank import HashBank
from sim.adversaries.policy import POLICIES
from sim.adversaries.recipe import Recipe
from sim.seeds import Stream

__all__ = ["CHILD_SAFETY", "NEAR_MISS", "Signals", "policy_of_marker"]

CHILD_SAFETY = "child_safety"
"""The policy that shows in hashes alone."""
NEAR_MISS = 0x0400
"""The bit by which a hard negative's code differs from one of its policy."""
_BENIGN = 0x100


@dataclass(frozen=True)
class Signals:
    """Gives every upload its marker, and, if there is a hash bank, its hashes.

    >>> Signals().of(Recipe("none", "praise", "en", 0, ()), 3, 5) is None
    True
    """

    bank: HashBank | None = None
    """Known synthetic hashes; None where the scenario did not opt in."""

    def marker(self, recipe: Recipe) -> int:
        """The code that the picture or sound of an upload carries."""
        bits = Stream(recipe.seed).at(0xC0DE).bits()
        known = POLICIES.classes()
        codes = known[recipe.policy].codes if recipe.policy in known else range(0)
        if not codes:
            return bits % _BENIGN
        code = codes[bits % len(codes)]
        return code if recipe.violating else code ^ NEAR_MISS

    def of(self, recipe: Recipe, *place: int) -> list[dict[str, str]] | None:
        """The hashes of an upload at a place (its author and time), or None without a bank."""
        if self.bank is None:
            return None
        drawn = Stream(recipe.seed).at(*place)
        if recipe.policy != CHILD_SAFETY:
            value = self.bank.unrelated(drawn)
        else:
            value = self.bank.match(drawn) if recipe.violating else self.bank.near_miss(drawn)
        return [{"algorithm": "synthetic-256", "value": f"{value:064x}"}]


def policy_of_marker(code: int) -> str | None:
    """The policy that a marker stands for, or None for benign ones and near misses.

    >>> policy_of_marker(0x2005), policy_of_marker(0x2405), policy_of_marker(0x42)
    ('hate', None, None)
    """
    for name, cls in POLICIES.classes().items():
        if code in cls.codes:
            return name
    return None
