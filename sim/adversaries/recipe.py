"""Recipes: every text is a template, slots and a chain of operators, and can be written again from them."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from sim.adversaries.operator import OPERATORS
from sim.names import UnknownNameError
from sim.seeds import rng_for

__all__ = ["Recipe", "functions", "template_count", "written"]


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


@cache
def _templates() -> dict[str, dict[str, dict[str, Any]]]:
    text = files("sim.adversaries").joinpath("templates.yaml").read_text("utf-8")
    loaded: dict[str, dict[str, dict[str, Any]]] = YAML(typ="safe", pure=True).load(text)
    return loaded


def functions(policy: str) -> tuple[str, ...]:
    """The functions (what a text does) that a policy has templates for."""
    try:
        return tuple(_templates()[policy])
    except KeyError:
        raise UnknownNameError("policy", policy, _templates()) from None


def template_count(policy: str, function: str, language: str) -> int:
    """Number of variants of a function in a language, or in English if it has none."""
    return len(_variants(policy, function, language))


def written(recipe: Recipe) -> str:
    """The text of a recipe: slots filled in, those that may be disguised passed through the chain of operators."""
    template = _variants(recipe.policy, recipe.function, recipe.language)[recipe.variant]
    evadable = _templates()[recipe.policy][recipe.function].get("evade", ())
    slots = {
        name: _disguised(recipe, name, value) if name in evadable else value for name, value in recipe.slots
    }
    return template.format(**slots)


def _variants(policy: str, function: str, language: str) -> list[str]:
    if function not in functions(policy):
        raise UnknownNameError(f"function of {policy}", function, functions(policy))
    by_language = _templates()[policy][function]
    variants: list[str] = by_language.get(language) or by_language["en"]
    return variants


def _disguised(recipe: Recipe, slot: str, value: str) -> str:
    text = value
    for place, (kind, strength) in enumerate(recipe.chain):
        operator = OPERATORS.parse({"kind": kind, "strength": strength})
        text = operator.apply(text, rng=rng_for(recipe.seed, "operator", place, slot))
    return text
