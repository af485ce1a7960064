"""Composers: draw the recipe of a text, or of a minimal pair, from 64 bits."""

from functools import cache

from sim.adversaries.library import BENIGN, Function, slots_of
from sim.adversaries.policy import POLICIES, templates_of
from sim.adversaries.recipe import Recipe, function_named
from sim.adversaries.vocabulary import drawn
from sim.seeds import Picks, digest64

__all__ = ["TIERS", "composed", "twins"]

TIERS = ("T1", "T2")
"""Tiers whose words differ slot by slot: invented (T1), mild and everyday (T2)."""


def composed(
    policy: str,
    bits: int,
    *,
    title: str,
    language: str = "en",
    function: str = "",
    tier: str = "T1",
    violating: bool = True,
) -> Recipe:
    """The recipe of one text that violates a policy, or of a hard negative; of benign talk if the policy is 'none'.

    >>> from sim.adversaries.recipe import written
    >>> text = written(composed("scam", 7, title="Low Tide", function="account_alert"))
    >>> "account" in text and ".test/" in text
    True
    """
    picks = Picks(digest64("composed", policy, bits))
    name = function or picks.one(_offered(policy, language, violating))
    found = function_named(policy, name)
    variant = picks.below(len(found.variants(language)))
    return _recipe(policy, found, language, variant, bits, title, "" if policy == BENIGN else tier)


def twins(
    policy: str, bits: int, *, title: str, language: str = "en", function: str = "", tier: str = "T1"
) -> tuple[Recipe, Recipe]:
    """A minimal pair: a violating text, and the hard negative that differs from it in as little as can be.

    ``function`` names the hard negative; by default it is drawn. Both share their slots and their ``pair``.
    """
    picks = Picks(digest64("twins", policy, bits))
    hard = function_named(policy, function or picks.one(_offered(policy, language, False)))
    variant = picks.below(len(hard.variants(language)))
    twin = function_named(policy, hard.twin)
    pair = f"{bits & (2**64 - 1):016x}"
    return (
        _recipe(policy, twin, language, variant, bits, title, tier, pair),
        _recipe(policy, hard, language, variant, bits, title, tier, pair),
    )


@cache
def _offered(policy: str, language: str, violating: bool) -> tuple[str, ...]:
    """Functions to choose from: those that speak the language, or all if none does."""
    found = templates_of(policy)
    group = found.benign if policy == BENIGN else found.violating if violating else found.hard_negatives
    return tuple(name for name, one in group.items() if language in one.texts) or tuple(group)


def _recipe(
    policy: str,
    function: Function,
    language: str,
    variant: int,
    bits: int,
    title: str,
    tier: str,
    pair: str = "",
) -> Recipe:
    names = _slots(function, language)
    plain = _plain(policy, language) if tier == "T2" else {}
    slots = tuple(
        (name, title if name == "title" else _word(plain[name], bits) if name in plain else drawn(name, bits))
        for name in names
    )
    return Recipe(policy, function.name, language, variant, slots, (), bits, tier, pair)


@cache
def _slots(function: Function, language: str) -> tuple[str, ...]:
    """Slots of all its variants: a paraphrase says the same by another of them."""
    variants = function.variants(language)
    return tuple(dict.fromkeys(name for text in variants for name in slots_of(text)))


def _word(words: tuple[str, ...], bits: int) -> str:
    # The same number for singular and plural, whose words stand in the same order.
    return words[(bits >> 7) % len(words)]


@cache
def _plain(policy: str, language: str) -> dict[str, tuple[str, ...]]:
    if policy not in POLICIES.classes():
        return {}
    plain = templates_of(policy).plain
    return {slot: words.get(language) or words["en"] for slot, words in plain.items()}
