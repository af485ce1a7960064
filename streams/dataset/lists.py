"""Lists that go with the data: the proxy lexicon."""

from collections.abc import Iterator
from typing import Any

from sim.adversaries.grammar import POOLS, forms_of, lexemes
from sim.adversaries.policy import POLICIES

__all__ = ["lexicon_lines"]


def lexicon_lines() -> Iterator[dict[str, Any]]:
    """Every word that makes a proxy, with the slot it stands in, its policies and its tier."""
    policies = sorted(POLICIES.classes().items())
    slots = sorted({slot for _, policy in policies for slot in policy.lexemes})
    for slot in slots:
        using = [name for name, policy in policies if slot in policy.lexemes]
        for word in lexemes(slot) if slot in POOLS else ():
            for form in forms_of(slot, word):
                yield {"word": form, "slot": slot, "policies": using, "tier": "T1", "language": ""}
    for name, policy in policies:
        for slot, by_language in sorted(policy.templates().plain.items()):
            for language, words in sorted(by_language.items()):
                for word in words:
                    yield {"word": word, "slot": slot, "policies": [name], "tier": "T2", "language": language}
