"""The gate: what every text must pass before it is published."""

from functools import lru_cache

from sim.adversaries.operator import Frame
from sim.adversaries.policy import POLICIES
from sim.adversaries.recipe import MARK, Recipe, rendered
from sim.adversaries.reserved import outside_reserved
from sim.adversaries.severity import is_mark
from sim.adversaries.vocabulary import place_named
from sim.adversaries.wordlists import is_word, near_blocked

__all__ = ["RefusedError", "gated"]


class RefusedError(ValueError):
    """A text that must not leave the simulator."""


def gated(recipe: Recipe) -> Frame:
    """The text of a recipe, if it may be published.

    It is written twice and compared; every slot must hold a word of the closed vocabulary; where an invented insult or
    group stands there must be no dictionary word, and nothing within two edits of the block list; links, numbers and
    addresses must be from reserved ranges.

    >>> gated(Recipe("none", "question", "en", 0, (("title", "Low Tide"),))).text
    'Is there more like Low Tide?'
    >>> gated(Recipe("scam", "fee_first", "en", 0, (("lure", "gold bar"),)))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    sim.adversaries.gate.RefusedError: 'gold bar' is not in the vocabulary of the slot 'lure'; ...
    """
    for name, value in recipe.slots:
        if found := _wrong(recipe.policy, recipe.tier, name, value):
            raise RefusedError(f"{found}; the text of {recipe.policy}.{recipe.function} is not published")
    frame = rendered(recipe)
    if rendered(recipe) != frame:
        raise RefusedError(f"{recipe} does not give the same text twice; it is not published")
    outside = outside_reserved(frame.text) or (frame.in_image and outside_reserved(frame.in_image))
    if outside:
        raise RefusedError(
            f"{outside[0]!r} is not from a range reserved for examples; the text is not published"
        )
    return frame


@lru_cache(maxsize=65_536)
def _wrong(policy: str, tier: str, name: str, value: str) -> str:
    """What is wrong with a value in its slot; empty if nothing is."""
    if name == MARK:
        return "" if is_mark(value) else f"{value!r} is not a test string"
    if tier == "T3" or (tier == "T2" and value in _mild(policy, name)):
        return ""
    place = place_named(name)
    if not place.accepts(value):
        return f"{value!r} is not in the vocabulary of the slot {name!r}"
    if place.invented and is_word(value):
        return f"{value!r} is a dictionary word, and {name!r} needs an invented one"
    if place.invented and near_blocked(value):
        return f"the word in slot {name!r} is within two edits of the block list"
    return ""


@lru_cache(maxsize=1024)
def _mild(policy: str, name: str) -> frozenset[str]:
    known = POLICIES.classes()
    plain = known[policy].templates().plain if policy in known else {}
    return frozenset(word for words in plain.get(name, {}).values() for word in words)
