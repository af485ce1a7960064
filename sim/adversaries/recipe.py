"""Recipes: every text is a template, slots and a chain of operators, and can be written again from them."""

from dataclasses import dataclass
from functools import cache
from zlib import crc32

from sim.adversaries.disguise import disguise_of
from sim.adversaries.grammar import pools
from sim.adversaries.lexicon import Lexicon
from sim.adversaries.library import BENIGN, Function
from sim.adversaries.operator import Frame
from sim.adversaries.policy import functions_of, templates_of
from sim.adversaries.vocabulary import LURES
from sim.names import UnknownNameError
from sim.seeds import Stream

__all__ = ["Recipe", "function_named", "functions", "hard_negatives", "rendered", "template_count", "written"]


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

    @property
    def violating(self) -> bool:
        """True if the text violates its policy."""
        return function_named(self.policy, self.function).violating


def functions(policy: str) -> tuple[str, ...]:
    """The functions (what a text does) that violate a policy; for 'none', those of benign talk."""
    found = templates_of(policy)
    return tuple(found.benign if policy == BENIGN else found.violating)


def hard_negatives(policy: str) -> tuple[str, ...]:
    """The functions that only look as if they violated a policy."""
    return tuple(templates_of(policy).hard_negatives)


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
    """The text of a recipe, and beside it the part that an operator moved into its picture."""
    function = function_named(recipe.policy, recipe.function)
    variants = function.variants(recipe.language)
    frame, slots = Frame(variants[recipe.variant]), dict(recipe.slots)
    if recipe.chain:
        disguise, stream = disguise_of(recipe.chain), Stream(recipe.seed)
        frame = disguise.frame(frame, variants=variants, language=recipe.language, rng=stream)
        for name in slots.keys() & function.evade:
            place = stream.at(crc32(name.encode()))
            slots[name] = disguise.word(slots[name], lexicon=_lexicon(), rng=place)
    return Frame(frame.text.format_map(slots), frame.in_image.format_map(slots))


@cache
def _lexicon() -> Lexicon:
    """The words that a disguised one must still be told from."""
    return Lexicon((*LURES, *(word for words in pools().values() for word in words)))
