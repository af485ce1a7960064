"""Recipes: every text is a template, slots and a chain of operators, and can be written again from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sim.adversaries.dialects import spoken
from sim.adversaries.disguise import disguised, reframed
from sim.adversaries.filling import filled
from sim.adversaries.library import BENIGN, Function
from sim.adversaries.operator import Frame
from sim.adversaries.policy import functions_of, templates_of
from sim.names import UnknownNameError

__all__ = [
    "Recipe",
    "function_named",
    "functions",
    "hard_negatives",
    "rendered",
    "template_count",
    "written",
]

MARK = "mark"
"""The slot of a test string (tier T0), which stands behind the text."""


@dataclass(frozen=True)
class Recipe:
    """What a text is made of; the same recipe always gives the same text.

    >>> written(Recipe("none", "question", "en", 0, (("title", "Low Tide"),)))
    'Is there more like Low Tide?'
    """

    policy: str
    function: str
    language: str
    variant: int
    slots: tuple[tuple[str, str], ...]
    chain: tuple[tuple[str, float], ...] = ()
    seed: int = 0
    tier: str = ""
    """How real the proxy is: T0 to T3; empty for benign talk."""
    pair: str = ""
    """Shared by the two texts of a minimal pair."""
    dialect: str = ""
    """Invented dialect in which it is written."""
    length: int = 0
    """Benign sentences are added up to this many characters; 0 adds none."""
    own: Function | None = None
    """The user's own function (tier T3); None for those that ship."""

    @property
    def template(self) -> Function:
        """The function that it is a text of."""
        return self.own or function_named(self.policy, self.function)

    @property
    def violating(self) -> bool:
        """True if the text violates its policy."""
        return self.template.violating


def functions(policy: str) -> tuple[str, ...]:
    """The functions (what a text does) that violate a policy; for 'none', those of benign talk."""
    found = templates_of(policy)
    return tuple(found.benign if policy == BENIGN else found.violating)


def hard_negatives(policy: str) -> tuple[str, ...]:
    """The functions that only look as if they violated a policy."""
    return tuple(templates_of(policy).hard_negatives)


@lru_cache(maxsize=4096)
def function_named(policy: str, name: str) -> Function:
    """A function of a policy, violating or not."""
    known = functions_of(policy)
    try:
        return known[name]
    except KeyError:
        raise UnknownNameError(f"function of {policy}", name, known) from None


def template_count(policy: str, function: str, language: str) -> int:
    """Number of variants of a function in a language, or in English if it has none."""
    return len(function_named(policy, function).variants(language))


def written(recipe: Recipe) -> str:
    """The text of a recipe: slots filled in, those that may be disguised passed through the chain of operators."""
    return rendered(recipe).text


def rendered(recipe: Recipe) -> Frame:
    """The text of a recipe, and what of it stands in its picture."""
    function = recipe.template
    variants = function.variants(recipe.language)
    text = variants[recipe.variant]
    slots = dict(recipe.slots)
    if MARK in slots:
        text = f"{text} {{{MARK}}}"
    if recipe.dialect:
        text = spoken(text, recipe.dialect)
    if not recipe.chain:
        return Frame(_completed(recipe, text.format_map(slots)))
    frame = reframed(Frame(text), variants, recipe.language, recipe.chain, seed=recipe.seed)
    hidden = _hidden(recipe, function, slots, frame)
    return Frame(_completed(recipe, frame.text.format_map(hidden)), frame.in_image.format_map(hidden))


def _hidden(recipe: Recipe, function: Function, slots: Mapping[str, str], frame: Frame) -> dict[str, str]:
    hidden = dict(slots)
    for name in (*function.evade, MARK):
        # Slots of other variants are in the recipe too; to disguise what is not said would be for nothing.
        if name in slots and any(f"{{{name}}}" in part for part in frame):
            hidden[name] = disguised(slots[name], name, recipe.chain, seed=recipe.seed)
    return hidden


def _completed(recipe: Recipe, text: str) -> str:
    if recipe.length <= len(text):
        return text
    return filled(text, recipe.length, recipe.language, recipe.dialect, seed=recipe.seed)
