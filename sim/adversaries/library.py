"""Libraries: the templates of all policies, benign talk among them, by policy and function."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from sim.names import UnknownNameError

__all__ = ["BENIGN", "Function", "FunctionTemplates", "PolicyTemplates", "loaded", "slots_of"]

BENIGN = "none"
_SLOT = re.compile(r"\{([a-z_]+)\}")


class FunctionTemplates(BaseModel):
    """What a text does, and the ways to say it in each language."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    evade: tuple[str, ...] = ()
    """Slots that operators may disguise: never a negation or a quote, so that the label stays true."""
    twin: str = ""
    """For a hard negative: the violating function that it differs from in as little as can be."""
    texts: dict[str, tuple[str, ...]] = Field(min_length=1)
    """Templates by language, BCP 47; English is needed, since other languages fall back on it."""

    @model_validator(mode="after")
    def _usable(self) -> "FunctionTemplates":
        if not self.texts.get("en"):
            raise ValueError("texts need at least one template in 'en': other languages fall back on it")
        named = {name for texts in self.texts.values() for text in texts for name in slots_of(text)}
        for slot in self.evade:
            if slot not in named:
                raise UnknownNameError("slot to evade", slot, named)
        return self


class PolicyTemplates(BaseModel):
    """The texts of one policy: what violates it, and what only looks as if it did.

    A hard negative and its twin have equally many templates in a language: the pairs, in order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    plain: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    """Mild everyday words for a slot, by language (tier T2)."""
    violating: dict[str, FunctionTemplates] = Field(default_factory=dict)
    """Functions that violate the policy."""
    hard_negatives: dict[str, FunctionTemplates] = Field(default_factory=dict)
    """Functions that do not, though they share words with one that does."""

    benign: dict[str, FunctionTemplates] = Field(default_factory=dict)
    """Functions that have nothing to do with any policy."""

    @model_validator(mode="after")
    def _paired(self) -> "PolicyTemplates":
        for name, function in self.hard_negatives.items():
            if name in self.violating:
                raise ValueError(f"function {name!r} is both violating and a hard negative; rename one")
            twin = self.violating.get(function.twin)
            if twin is None:
                raise UnknownNameError(f"twin of hard negative {name}", function.twin, self.violating)
            for language, texts in function.texts.items():
                other = twin.texts.get(language, ())
                if len(other) != len(texts):
                    raise ValueError(
                        f"hard negative {name!r} has {len(texts)} templates in {language!r}, its twin "
                        f"{function.twin!r} has {len(other)}; pairs need equally many"
                    )
        return self

    @cached_property
    def functions(self) -> Mapping[str, "Function"]:
        """Every function by its name."""
        return {
            name: Function(name, violating, found.twin, found.evade, found.texts)
            for violating, group in (
                (True, self.violating),
                (False, self.hard_negatives),
                (False, self.benign),
            )
            for name, found in group.items()
        }


@dataclass(frozen=True, eq=False)
class Function:
    """One function of a policy, ready to be written."""

    name: str
    violating: bool
    twin: str
    evade: tuple[str, ...]
    texts: Mapping[str, tuple[str, ...]]

    def variants(self, language: str) -> tuple[str, ...]:
        """Its templates in a language, or in English if it has none."""
        return self.texts.get(language) or self.texts["en"]


@cache
def slots_of(template: str) -> tuple[str, ...]:
    """Names of a template's slots, each once, in order.

    >>> slots_of("{brand} gives a {lure}: {link}")
    ('brand', 'lure', 'link')
    """
    return tuple(dict.fromkeys(_SLOT.findall(template)))


def loaded(package: str, name: str) -> PolicyTemplates:
    """The templates in a YAML file of a package; read anew each time."""
    text = files(package).joinpath(f"{name}.yaml").read_text("utf-8")
    tree: Any = YAML(typ="safe", pure=True).load(text)
    return PolicyTemplates.model_validate(tree)
