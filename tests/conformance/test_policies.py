"""Every policy: named as others name it, whole in its functions, and in pairs that differ in little."""

import re
from itertools import product
from typing import Any

import pytest

from sim.adversaries.composer import LANGUAGES, TIERS, twins
from sim.adversaries.gate import gated
from sim.adversaries.library import slots_of
from sim.adversaries.operator import plain
from sim.adversaries.policy import POLICIES, Policy
from sim.adversaries.recipe import functions, hard_negatives
from sim.adversaries.signals import NEAR_MISS, policy_of_marker
from sim.adversaries.vocabulary import place_named
from sim.adversaries.wordlists import is_blocked
from tests.conformance.plugins import PluginSuite, kinds

TWELVE = {
    "harassment",
    "hate",
    "violent_extremism",
    "threat",
    "self_harm",
    "child_safety",
    "misinformation",
    "scam",
    "spam",
    "likeness",
    "illegal_goods",
    "privacy",
}
FOR_CAMPAIGNS = {"hashtag_flood", "false_report"}
"""Functions that violate by being done together; what they look like alone, organic look-alikes post."""
NEGATIONS = (
    {"not", "no", "never", "nobody", "none", "nicht", "kein", "keine", "keiner"}
    | {"nunca", "ningún", "ne", "pas", "personne", "non", "nessuno", "nessun"}
    | {'"', "«", "»", "„", "“", "satire", "lie", "wrong"}
)


def test_the_twelve_are_there() -> None:
    assert set(POLICIES.classes()) >= TWELVE


def test_markers_of_policies_are_apart() -> None:
    codes = [code for cls in POLICIES.classes().values() for code in cls.codes]
    assert len(codes) == len(set(codes))
    assert not {code ^ NEAR_MISS for code in codes} & set(codes)
    assert all(policy_of_marker(code) is None for code in range(0x100))


@kinds(POLICIES)
class TestPolicies(PluginSuite):
    family: Any = POLICIES
    path = (
        "properties",
        "audience",
        "properties",
        "talk",
        "properties",
        "moderation",
        "properties",
        "policies",
        "items",
    )

    @pytest.fixture
    def policy(self, kind: str) -> type[Policy]:
        return POLICIES.named(kind)

    def test_it_has_the_names_of_other_taxonomies(self, policy: type[Policy]) -> None:
        assert re.fullmatch(r"STATEMENT_CATEGORY_[A-Z_]+", policy.dsa)
        assert re.fullmatch(r"([a-z]+(-[a-z]+)?(/[a-z]+)?)?", policy.openai)
        assert re.fullmatch(r"([a-z]{2,3}(_[a-z]+)?)?", policy.ailuminate)

    def test_every_violation_has_a_twin(self, kind: str, policy: type[Policy]) -> None:
        templates = policy.templates()
        assert functions(kind)
        assert {one.twin for one in templates.hard_negatives.values()} == set(
            templates.violating
        ) - FOR_CAMPAIGNS

    def test_twins_share_words_and_length(self, kind: str) -> None:
        pairs = [
            [gated(recipe).text for recipe in twins(kind, bits << 20, title="Low Tide", function=name)]
            for name in hard_negatives(kind)
            for bits in range(20)
        ]
        shared = [len(set(one.split()) & set(two.split())) for one, two in pairs]
        assert sum(shared) / len(shared) >= 2
        longer = [len(two) - len(one) for one, two in pairs]
        assert abs(sum(longer) / len(longer)) < 12

    def test_main_functions_speak_every_language(self, policy: type[Policy]) -> None:
        for group in (policy.templates().violating, policy.templates().hard_negatives):
            for language in LANGUAGES:
                assert any(language in one.texts for one in group.values()), language

    def test_its_templates_use_the_vocabulary_and_no_blocked_word(self, policy: type[Policy]) -> None:
        for name, function in policy.templates().functions.items():
            for texts in function.texts.values():
                for text in texts:
                    for slot in slots_of(text):
                        place_named(slot)
                    assert not [w for w in re.findall(r"[^\W\d_]+", text) if is_blocked(w)], (name, text)

    def test_operators_may_touch_neither_negation_nor_quote(self, policy: type[Policy]) -> None:
        for function in policy.templates().functions.values():
            for slot in function.evade:
                words = {slot} | set(policy.templates().plain.get(slot, {}).get("en", ()))
                assert not words & NEGATIONS

    def test_every_text_passes_the_gate_and_keeps_its_label(self, kind: str) -> None:
        for name, language, tier in product(hard_negatives(kind), LANGUAGES, TIERS):
            for bits in range(8):
                violating, hard = twins(
                    kind, bits << 40, title="Low Tide", language=language, function=name, tier=tier
                )
                assert violating.violating
                assert not hard.violating
                assert plain(gated(violating).text) != plain(gated(hard).text) or kind == "child_safety"

    def test_tiers_differ_in_words_alone(self, kind: str, policy: type[Policy]) -> None:
        for slot, by_language in policy.templates().plain.items():
            assert "en" in by_language
            for words in by_language.values():
                assert len(set(words)) == len(words) >= 2
                assert not [word for word in words if is_blocked(word)], slot
        if policy.in_text:
            marked = twins(kind, 5, title="Low Tide", tier="T0")
            assert [f"GREENROOM-TEST-{kind.upper()}-" in gated(one).text for one in marked] == [True, True]
            assert [f"{kind.upper()}-0-" in gated(one).text for one in marked] == [False, True]
