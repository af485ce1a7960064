"""Every text operator: undone without a trace, never twice alike by chance, stronger when asked to be."""

from typing import Any

import numpy as np
import pytest

from sim.adversaries.operator import OPERATORS, Operator
from sim.adversaries.recipe import Recipe, functions, template_count, written
from tests.conformance.plugins import SCHEMA, PluginSuite, kinds

LATIN = "abcdefghijklmnopqrstuvwxyz ABCXYZ0123456789 .,:/-'éüßñçàøıİſﬁ²⁴½Ⅷ"
ALPHABET = LATIN + "ТесТновый日本語한국🎬👩‍👧\u0301\u0308\u200b\u00ad"
WORDS = [
    "",
    " ",
    "a",
    "voucher",
    "gift card",
    "Baba Rewards",
    "https://a-100.test/1",
    "e\u0301cole",
    "…",
    "١٢٣",
]


def texts() -> list[str]:
    rng = np.random.default_rng(1)
    return [*WORDS, *("".join(rng.choice(list(ALPHABET), int(rng.integers(1, 60)))) for _ in range(300))]


def operator(kind: str, strength: float) -> Operator:
    made: Operator = OPERATORS.parse({"kind": kind, "strength": strength})
    return made


def applied(kind: str, strength: float, text: str, seed: int = 3) -> str:
    return operator(kind, strength).apply(text, rng=np.random.default_rng(seed))


def touched(kind: str, strength: float, text: str) -> int:
    one = operator(kind, strength)
    return len(one._chosen(text, rng=np.random.default_rng(3)))


@kinds(OPERATORS)
class TestOperators(PluginSuite):
    family: Any = OPERATORS

    def one_of(self) -> list[dict[str, Any]]:
        campaigns = SCHEMA["properties"]["campaigns"]["items"]["oneOf"]
        campaign = next(one for one in campaigns if "operators" in one["properties"])
        found: list[dict[str, Any]] = campaign["properties"]["operators"]["items"]["oneOf"]
        return found

    @pytest.mark.parametrize("strength", [0.0, 0.1, 0.5, 1.0])
    def test_what_is_disguised_is_restored_to_the_same(self, kind: str, strength: float) -> None:
        one = operator(kind, strength)
        for text in texts():
            assert one.restored(applied(kind, strength, text)) == one.restored(text), text

    def test_restoring_twice_changes_nothing_more(self, kind: str) -> None:
        one = operator(kind, 1.0)
        for word in WORDS:
            assert one.restored(one.restored(word)) == one.restored(word)

    def test_the_same_generator_gives_the_same_disguise(self, kind: str) -> None:
        for text in texts():
            assert applied(kind, 0.5, text) == applied(kind, 0.5, text)
        assert len({applied(kind, 0.5, "beige old tapestries", seed) for seed in range(30)}) > 3

    def test_no_strength_is_no_disguise(self, kind: str) -> None:
        for text in texts():
            assert applied(kind, 0.0, text) == text

    def test_more_strength_touches_no_less(self, kind: str) -> None:
        for text in texts():
            counts = [touched(kind, strength, text) for strength in np.linspace(0, 1, 11)]
            assert counts == sorted(counts)
            assert (counts[-1] > 0) == (applied(kind, 1.0, text) != text)

    def test_full_strength_touches_all_that_it_can(self, kind: str) -> None:
        one = operator(kind, 1.0)
        for text in texts():
            assert applied(kind, 1.0, text) == "".join(one.disguise(character) for character in text)

    @pytest.mark.parametrize("strength", [-0.1, 1.1])
    def test_strength_is_a_share(self, kind: str, strength: float) -> None:
        with pytest.raises(ValueError, match="strength"):
            operator(kind, strength)

    def test_it_disguises_the_vocabulary_of_adversaries(self, kind: str) -> None:
        assert applied(kind, 1.0, "voucher gift card Baba Rewards") != "voucher gift card Baba Rewards"

    def test_a_recipe_with_it_is_written_the_same_again(self, kind: str) -> None:
        slots = (
            ("title", "Low Tide"),
            ("brand", "Baba Rewards"),
            ("lure", "gift card"),
            ("link", "https://a-1.test/1"),
        )
        for function in functions("scam"):
            for variant in range(template_count("scam", function, "en")):
                recipe = Recipe("scam", function, "en", variant, slots, ((kind, 0.6), (kind, 0.3)), seed=5)
                assert written(recipe) == written(recipe)
                assert written(recipe) != written(Recipe("scam", function, "en", variant, slots))
