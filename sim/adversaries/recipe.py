"""Recipes: every text is a template, slots and a chain of operators, and can be written again from them."""

from dataclasses import dataclass
from zlib import crc32

from sim.adversaries.library import BENIGN, Function
from sim.adversaries.operator import Frame, FrameOperator, WordOperator, operator
from sim.adversaries.policy import functions_of, templates_of
from sim.names import UnknownNameError
from sim.seeds import Stream

__all__ = ["Recipe", "function_named", "functions", "hard_negatives", "template_count", "written"]

_ATTEMPTS = 4


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
    function = function_named(recipe.policy, recipe.function)
    variants = function.variants(recipe.language)
    frame = variants[recipe.variant]
    if not recipe.chain:
        return frame.format_map(dict(recipe.slots))
    slots = {
        name: _disguised(recipe, name, value) if name in function.evade else value
        for name, value in recipe.slots
    }
    return _framed(recipe, frame, variants).text.format_map(slots)


def _disguised(recipe: Recipe, slot: str, word: str) -> str:
    stream = Stream(recipe.seed).at(crc32(slot.encode()))
    for place, (kind, strength) in enumerate(recipe.chain):
        applied = operator(kind, strength)
        if isinstance(applied, WordOperator):
            word = _kept(applied, word, stream.at(place))
    return word


def _kept(applied: WordOperator, word: str, stream: Stream) -> str:
    # A disguise that people could read as another word is drawn again; the word stays as it is if none will do.
    for attempt in range(_ATTEMPTS):
        disguised = applied.apply(word, rng=stream.at(attempt))
        if applied.preserves(word, disguised):
            return disguised
    return word


def _framed(recipe: Recipe, text: str, variants: tuple[str, ...]) -> Frame:
    frame = Frame(text)
    stream = Stream(recipe.seed)
    for place, (kind, strength) in enumerate(recipe.chain):
        applied = operator(kind, strength)
        if isinstance(applied, FrameOperator):
            after = applied.reworded(frame, variants=variants, language=recipe.language, rng=stream.at(place))
            frame = after if applied.preserves(frame, after) else frame
    return frame
