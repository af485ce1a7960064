"""Form: sections drawn from a style's weighted context-free grammar, exactly as many as fit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

__all__ = ["Expansions", "Grammar", "PlannedSection", "derive", "plan"]

Expansions = tuple[tuple[float, str], ...]
"""What a symbol may become, with weights: space-separated symbols."""

Grammar = Mapping[str, Expansions]
"""The expansions of symbols; a symbol that has none is a section's label."""

_Total = Callable[[tuple[str, ...], int], float]
_Rng = np.random.Generator

_SECTION_BARS = (16, 8, 4, 2)


@dataclass(frozen=True)
class PlannedSection:
    """A section of so many bars."""

    label: str
    bars: int


def derive(grammar: Grammar, length: int, *, rng: np.random.Generator) -> list[str]:
    """A sentence of exactly `length` sections, drawn from the derivations of "song" by their weights.

    ValueError if the grammar has no sentence of that length. Derivations are weighed by inside sums
    (Baker 1979).
    """
    total = _inside(grammar)
    if not total(("song",), length):
        raise ValueError(f"the grammar gives no form of {length} sections; add a rule that does")
    return _sample(grammar, total, ("song",), length, rng)


def plan(grammar: Grammar, bars: int, *, fewest: int, rng: np.random.Generator) -> list[PlannedSection]:
    """Sections that fill `bars` exactly: perhaps an intro, the body, and an ending of two or three bars.

    Body sections are equally long: the most bars (16, 8, 4 or 2) that leave a short intro and at least
    `fewest` of them (two of four bars are enough).
    """
    body = bars - 2
    sizes = [size for size in _SECTION_BARS if body // size >= (fewest if size > 4 else 2)] or [2]
    size = min(sizes, key=lambda size: (body % size > size // 2 + 1, -size))
    count, rest = divmod(body, size)
    sections = [PlannedSection("intro", rest - rest % 2)] if rest >= 2 else []
    if count:
        sections += [PlannedSection(label, size) for label in derive(grammar, count, rng=rng)]
    return [*sections, PlannedSection("ending", 2 + rest % 2)]


def _inside(grammar: Grammar) -> _Total:
    """The summed weight of all ways in which symbols give a sentence of some length."""

    @cache
    def total(symbols: tuple[str, ...], length: int) -> float:
        if len(symbols) > length or not symbols:
            return float(not symbols and not length)
        head, rest = symbols[0], symbols[1:]
        return sum(first(head, n) * total(rest, length - n) for n in range(1, length - len(rest) + 1))

    @cache
    def first(symbol: str, length: int) -> float:
        if symbol not in grammar:
            return float(length == 1)
        return sum(weight * total(tuple(right.split()), length) for weight, right in grammar[symbol])

    return total


def _sample(grammar: Grammar, total: _Total, symbols: tuple[str, ...], length: int, rng: _Rng) -> list[str]:
    if not symbols:
        return []
    head, rest = symbols[:1], symbols[1:]
    lengths = range(1, length - len(rest) + 1)
    taken = lengths[_pick([total(head, n) * total(rest, length - n) for n in lengths], rng)]
    return _expand(grammar, total, head[0], taken, rng) + _sample(grammar, total, rest, length - taken, rng)


def _expand(grammar: Grammar, total: _Total, symbol: str, length: int, rng: _Rng) -> list[str]:
    if symbol not in grammar:
        return [symbol]
    rights = [(weight, tuple(right.split())) for weight, right in grammar[symbol]]
    chosen = _pick([weight * total(right, length) for weight, right in rights], rng)
    return _sample(grammar, total, rights[chosen][1], length, rng)


def _pick(weights: list[float], rng: _Rng) -> int:
    return int(rng.choice(len(weights), p=np.array(weights) / sum(weights)))
