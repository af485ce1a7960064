"""Trade in forbidden goods, which are invented products."""

from typing import ClassVar, Literal

from sim.adversaries.policy import Policy

__all__ = ["IllegalGoods"]


class IllegalGoods(Policy):
    """Offers or seeks goods that must not be sold; the products are invented.

    >>> "lawful_lookalike" in IllegalGoods.templates().hard_negatives
    True
    """

    dsa: ClassVar[str] = "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS"
    openai: ClassVar[str] = "illicit"
    ailuminate: ClassVar[str] = "iwp"
    codes: ClassVar[range] = range(0xB000, 0xB100)
    lexemes: ClassVar[tuple[str, ...]] = ("product",)

    kind: Literal["illegal_goods"] = "illegal_goods"
