"""The user's own templates (tier T3): read, checked, never shipped."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import RootModel, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sim.adversaries.library import FunctionTemplates, PolicyTemplates, slots_of
from sim.adversaries.policy import POLICIES
from sim.adversaries.reserved import outside_reserved
from sim.adversaries.vocabulary import place_named
from sim.names import UnknownNameError

__all__ = ["OwnTemplates", "own_templates"]

_SLOT = re.compile(r"\{[a-z_]+\}")


class OwnTemplates(RootModel[dict[str, PolicyTemplates]]):
    """Templates by policy, in the form of those that ship.

    Slots must be those of the vocabulary, or have words of their own under ``plain``; links, numbers and addresses
    must be from reserved ranges.

    >>> text = {"texts": {"en": ["{handle} is a {insult}"]}, "evade": ["insult"]}
    >>> own = OwnTemplates.model_validate({"harassment": {"violating": {"mine": text}}})
    >>> own.root["harassment"].functions["mine"].violating
    True
    """

    @model_validator(mode="after")
    def _safe(self) -> "OwnTemplates":
        for policy, templates in self.root.items():
            POLICIES.named(policy)
            if policy == "child_safety":
                raise ValueError("child_safety has no texts, only hashes; leave it out of the templates")
            for group in (templates.violating, templates.hard_negatives):
                for name, function in group.items():
                    _check(f"{policy}.{name}", function, templates.plain)
        return self


def own_templates(value: Any) -> Any:
    """The content of a YAML file if a path is given; anything else as it is."""
    if not isinstance(value, str | Path):
        return value
    path = Path(value)
    try:
        return YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    except OSError as error:
        raise ValueError(
            f"templates {str(path)!r} cannot be read: {error.strerror}; give the path of a YAML file"
        ) from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"templates {str(path)!r} are not YAML: {error}") from None


def _check(place: str, function: FunctionTemplates, plain: Mapping[str, object]) -> None:
    for texts in function.texts.values():
        for text in texts:
            if "{" in (rest := _SLOT.sub("", text)) or "}" in rest:
                raise ValueError(
                    f"{place}: stray brace in {text!r}; a slot is a name in braces, such as {{handle}}"
                )
            for slot in slots_of(text):
                if slot not in plain:
                    _known(place, slot)
            if found := outside_reserved(text):
                raise ValueError(
                    f"{place}: {found[0]!r} is not reserved for examples; use a slot such as {{link}}, {{phone}} or "
                    "{address}"
                )


def _known(place: str, slot: str) -> None:
    try:
        place_named(slot)
    except UnknownNameError as error:
        raise ValueError(f"{place}: {error}") from None
