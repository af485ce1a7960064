"""Composers: draw the recipe of a text, or of a minimal pair, from 64 bits."""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from sim.adversaries.disguise import disguised
from sim.adversaries.filling import ASIDE
from sim.adversaries.library import BENIGN, Function, PolicyTemplates, slots_of
from sim.adversaries.own_templates import OwnTemplates
from sim.adversaries.policy import POLICIES, templates_of
from sim.adversaries.recipe import MARK, Recipe, function_named
from sim.adversaries.severity import mark
from sim.adversaries.vocabulary import drawn
from sim.seeds import Stream

__all__ = ["LANGUAGES", "TIERS", "benign_of_length", "composed", "twins"]

LANGUAGES = ("en", "es", "de", "fr", "it")
"""Languages that have templates; others get English ones."""
_COMPOSED, _TWINS, _BENIGN = 1, 2, 3
_SLOT_ROOM = re.compile(r"\{([a-z_]+)\}")
_MOST = {"title": 0, "link": 32, "hashtag": 12, "": 24}
"""Characters that a slot takes at most."""

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


def benign_of_length(
    bits: int,
    length: int,
    *,
    title: str,
    language: str = "en",
    chain: tuple[tuple[str, float], ...] = (),
    dialect: str = "",
) -> Recipe:
    """Benign talk of a given number of characters: a text that is no longer, and asides behind it.

    >>> from sim.adversaries.recipe import written
    >>> len(written(benign_of_length(7, 63, title="Low Tide")))
    63
    """
    shown = len(disguised(title, "title", chain, seed=bits)) if chain else len(title)
    known = _benign_texts(language, hidden=bool(chain))
    fits = [text for text in known if text.titles * shown + text.rest <= length]
    if not fits:
        fits = [min(known, key=lambda text: text.titles * shown + text.rest)]
    chosen = Stream(bits).at(_BENIGN).one(fits)
    found = function_named(BENIGN, chosen.function)
    slots = _slots(BENIGN, found, language, bits, title, "")
    return Recipe(
        BENIGN,
        found.name,
        language,
        chosen.variant,
        slots,
        chain,
        bits,
        dialect=dialect,
        length=length,
    )


class _BenignText(NamedTuple):
    function: str
    variant: int
    titles: int
    rest: int
    """Characters beside the titles, at most."""


@cache
def _benign_texts(language: str, *, hidden: bool) -> tuple[_BenignText, ...]:
    names = _offered(BENIGN, language, hard=False, hidden=hidden)
    return tuple(
        _BenignText(name, variant, text.count("{title}"), len(_SLOT_ROOM.sub(_room, text)))
        for name in names
        for variant, text in enumerate(function_named(BENIGN, name).variants(language))
    )


def _room(slot: re.Match[str]) -> str:
    return "x" * _MOST.get(slot[1], _MOST[""])


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
    if policy != BENIGN and not hard:
        # What violates only by being done together has no twin, and is asked for by its name.
        paired = {one.twin for one in found.hard_negatives.values()}
        group = {name: one for name, one in group.items() if name in paired}
    able = {name: one for name, one in group.items() if (one.evade or not hidden) and name != ASIDE} or group
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
