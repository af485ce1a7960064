"""Private data of a person, all from reserved ranges."""

from typing import ClassVar, Literal

from sim.adversaries.policy import Policy

__all__ = ["Privacy"]


class Privacy(Policy):
    """Publishes where an invented person lives or how to reach them; numbers and addresses belong to nobody.

    >>> "business_contact" in Privacy.templates().hard_negatives
    True
    """

    dsa: ClassVar[str] = "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS"
    ailuminate: ClassVar[str] = "prv"
    codes: ClassVar[range] = range(0xC000, 0xC100)

    kind: Literal["privacy"] = "privacy"
