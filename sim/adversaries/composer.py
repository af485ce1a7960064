"""Composers: draw the recipe of a text, or of a minimal pair, from 64 bits."""

from dataclasses import replace
from functools import cache

from sim.adversaries.library import BENIGN, Function, slots_of
from sim.adversaries.policy import POLICIES, templates_of
from sim.adversaries.recipe import MARK, Recipe, function_named
from sim.adversaries.severity import mark
from sim.adversaries.vocabulary import drawn
from sim.seeds import Picks, Stream, digest64

__all__ = ["TIERS", "composed", "same_length", "twins"]

TIERS = ("T0", "T1", "T2")
"""How real a proxy is: a test string behind it (T0), invented words (T1), mild everyday words (T2)."""


def composed(
    policy: str,
    bits: int,
    *,
    title: str,
    language: str = "en",
    function: str = "",
    tier: str = "T1",
    chain: tuple[tuple[str, float], ...] = (),
    dialect: str = "",
) -> Recipe:
    """The recipe of one text that violates a policy, or of benign talk if the policy is 'none'.

    ``function`` names what it does, and may be a hard negative's; by default a violating one is drawn.

    >>> from sim.adversaries.recipe import written
    >>> text = written(composed("scam", 7, title="Low Tide", function="account_alert"))
    >>> "account" in text and ".test/" in text
    True
    """
    picks = Picks(digest64("composed", policy, bits))
    name = function or picks.one(_offered(policy, language, hard=False))
    found = function_named(policy, name)
    variant = picks.below(len(found.variants(language)))
    slots = _slots(policy, found, language, bits, title, tier)
    return Recipe(
        policy,
        name,
        language,
        variant,
        slots,
        chain,
        bits,
        "" if policy == BENIGN else tier,
        dialect=dialect,
    )


def twins(
    policy: str,
    bits: int,
    *,
    title: str,
    language: str = "en",
    function: str = "",
    tier: str = "T1",
    chain: tuple[tuple[str, float], ...] = (),
) -> tuple[Recipe, Recipe]:
    """A minimal pair: a violating text, and the hard negative that differs from it in as little as can be.

    ``function`` names the hard negative; by default it is drawn. Both share their slots and their ``pair``.

    >>> violating, hard = twins("hate", 7, title="Low Tide")
    >>> violating.violating, hard.violating, violating.pair == hard.pair
    (True, False, True)
    """
    picks = Picks(digest64("twins", policy, bits))
    hard = function_named(policy, function or picks.one(_offered(policy, language, hard=True)))
    variant = picks.below(len(hard.variants(language)))
    pair = f"{bits & (2**64 - 1):016x}"
    first, second = (
        Recipe(
            policy,
            one.name,
            language,
            variant,
            _slots(policy, one, language, bits, title, tier),
            chain,
            bits,
            tier,
            pair,
        )
        for one in (function_named(policy, hard.twin), hard)
    )
    return first, second


def same_length(benign: Recipe, length: int) -> Recipe:
    """Benign talk of (nearly) a given number of characters: the variant that fits, and asides behind it."""
    fits = [
        variant
        for variant, text in enumerate(benign.template.variants(benign.language))
        if len(text) <= length
    ]
    if benign.variant in fits or not fits:
        return replace(benign, length=length)
    return replace(benign, length=length, variant=fits[benign.seed % len(fits)])


@cache
def _offered(policy: str, language: str, *, hard: bool) -> tuple[str, ...]:
    """Functions to choose from: those that speak the language, or all if none does."""
    found = templates_of(policy)
    group = found.benign if policy == BENIGN else found.hard_negatives if hard else found.violating
    return tuple(name for name, one in group.items() if language in one.texts) or tuple(group)


def _slots(
    policy: str, function: Function, language: str, bits: int, title: str, tier: str
) -> tuple[tuple[str, str], ...]:
    plain = _plain(policy, language) if tier == "T2" else {}
    slots = [
        (name, title if name == "title" else _word(plain[name], bits) if name in plain else drawn(name, bits))
        for name in _names(function, language)
    ]
    if tier == "T0":
        slots.append((MARK, mark(policy, Stream(bits).bits(), violating=function.violating)))
    return tuple(slots)


@cache
def _names(function: Function, language: str) -> tuple[str, ...]:
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
