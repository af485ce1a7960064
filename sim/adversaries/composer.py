"""Composers: draw the recipe of a text, or of a minimal pair, from 64 bits."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from sim.adversaries.library import BENIGN, Function, PolicyTemplates, slots_of
from sim.adversaries.own_templates import OwnTemplates
from sim.adversaries.policy import POLICIES, templates_of
from sim.adversaries.recipe import MARK, Recipe, function_named
from sim.adversaries.severity import mark
from sim.adversaries.vocabulary import drawn
from sim.seeds import Stream

__all__ = ["TIERS", "composed", "same_length", "twins"]

_COMPOSED, _TWINS = 1, 2

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
    hard: bool = False,
    own: OwnTemplates | None = None,
) -> Recipe:
    """The recipe of one text that violates a policy, or of benign talk if the policy is 'none'.

    ``hard`` asks for a hard negative instead; ``function`` names one function, violating or not, instead of drawing
    it. In tier T3 the user's ``own`` templates are used where they have any for the policy, else tier T1.

    >>> from sim.adversaries.recipe import written
    >>> text = written(composed("scam", 7, title="Low Tide", function="account_alert"))
    >>> "account" in text and ".test/" in text
    True
    """
    draws = Stream(bits).at(_COMPOSED)
    if tier == "T3" and (mine := _own(own, policy, hard=hard)) is not None:
        return _composed_own(mine, draws, policy, bits, title, language, chain, dialect, hard=hard)
    tier = _shipped(tier, policy)
    found = function_named(
        policy, function or draws.one(_offered(policy, language, hard=hard, hidden=bool(chain)))
    )
    variant = draws.below(len(found.variants(language)))
    slots = _slots(policy, found, language, bits, title, tier)
    return Recipe(policy, found.name, language, variant, slots, chain, bits, tier, dialect=dialect)


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
    draws = Stream(bits).at(_TWINS)
    hard = function_named(
        policy, function or draws.one(_offered(policy, language, hard=True, hidden=bool(chain)))
    )
    variant = draws.below(len(hard.variants(language)))
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


def _shipped(tier: str, policy: str) -> str:
    if policy == BENIGN:
        return ""
    return "T1" if tier == "T3" else tier


def _own(own: OwnTemplates | None, policy: str, *, hard: bool) -> PolicyTemplates | None:
    mine = own.root.get(policy) if own else None
    return mine if mine and (mine.hard_negatives if hard else mine.violating) else None


def _composed_own(
    mine: PolicyTemplates,
    draws: Stream,
    policy: str,
    bits: int,
    title: str,
    language: str,
    chain: tuple[tuple[str, float], ...],
    dialect: str,
    *,
    hard: bool,
) -> Recipe:
    found = mine.functions[draws.one(tuple(mine.hard_negatives if hard else mine.violating))]
    variant = draws.below(len(found.variants(language)))
    plain = {slot: words.get(language) or words["en"] for slot, words in mine.plain.items()}
    slots = tuple((name, _filled(name, plain, bits, title)) for name in _names(found, language))
    return Recipe(policy, found.name, language, variant, slots, chain, bits, "T3", dialect=dialect, own=found)


def _filled(name: str, plain: Mapping[str, tuple[str, ...]], bits: int, title: str) -> str:
    if name == "title":
        return title
    return _word(plain[name], bits) if name in plain else drawn(name, bits)


@cache
def _offered(policy: str, language: str, *, hard: bool, hidden: bool) -> tuple[str, ...]:
    """Functions to choose from: those that speak the language, or all if none does; some cannot be disguised."""
    found = templates_of(policy)
    group = found.benign if policy == BENIGN else found.hard_negatives if hard else found.violating
    able = {name: one for name, one in group.items() if one.evade or not hidden} or group
    return tuple(name for name, one in able.items() if language in one.texts) or tuple(able)


def _slots(
    policy: str, function: Function, language: str, bits: int, title: str, tier: str
) -> tuple[tuple[str, str], ...]:
    plain = _plain(policy, language) if tier == "T2" else {}
    slots = [(name, _filled(name, plain, bits, title)) for name in _names(function, language)]
    if tier == "T0" and policy != BENIGN and POLICIES.named(policy).in_text:
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
