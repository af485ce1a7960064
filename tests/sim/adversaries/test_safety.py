"""Safe by construction: a hundred thousand texts, each decoded, labelled, gated and free of what must not be there."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.adversaries.composer import LANGUAGES, TIERS, composed, twins
from sim.adversaries.corpus import CorpusPlan, Labelled, corpus
from sim.adversaries.countries import countries, true_value
from sim.adversaries.dialects import DIALECTS
from sim.adversaries.disguise import disguised
from sim.adversaries.gate import RefusedError, gated
from sim.adversaries.grammar import coined, forms, pools
from sim.adversaries.lexicon import Lexicon
from sim.adversaries.operator import OPERATORS, WordOperator, operator
from sim.adversaries.policy import POLICIES
from sim.adversaries.recipe import (
    MARK,
    Recipe,
    function_named,
    functions,
    hard_negatives,
    template_count,
    written,
)
from sim.adversaries.reserved import outside_reserved
from sim.adversaries.skeleton import reading, skeleton
from sim.adversaries.wordlists import is_blocked, is_word, near_blocked

TEXTS = 100_000
WORD = re.compile(r"[^\W\d_]+")
BITS = st.integers(0, 2**63 - 1)
NEAR_RESERVED = re.compile(
    r"https?://(?!\S+\.(?:test|invalid|example)\b)|www\.|@[\w-]+\.(?!example\b)[a-z]{2,}", re.IGNORECASE
)


@pytest.fixture(scope="module")
def blocked() -> "Memo":
    return Memo()


class Memo(dict[str, bool]):
    """Whether a word is blocked, looked up once."""

    def __missing__(self, word: str) -> bool:
        self[word] = found = is_blocked(word)
        return found


def decodes(word: str, slot: str, recipe: Recipe) -> bool:
    """Whether a disguised word is still read as itself: exactly if nothing lossy was done to it."""
    seen = disguised(word, slot, recipe.chain, seed=recipe.seed)
    words = [
        op for kind, strength in recipe.chain if isinstance(op := operator(kind, strength), WordOperator)
    ]
    if all(one.sort == "lossless" for one in words):
        return skeleton(seen) == skeleton(word) and all(
            one.restored(seen) == one.restored(word) for one in words
        )
    return word not in forms() or LEXICON.decode(seen) == word or LEXICON.keeps(word, seen)


LEXICON = Lexicon(sorted(forms()))


def texts() -> Iterator[Labelled]:
    plan = CorpusPlan(languages=LANGUAGES, tiers={"T0": 1, "T1": 3, "T2": 3}, disguised=0.6)
    return corpus(20260105, TEXTS, plan)


def test_a_hundred_thousand_texts_are_safe(blocked: Memo) -> None:
    seen: set[tuple[str, str]] = set()
    chains: set[tuple[tuple[str, float], ...]] = set()
    for text in texts():
        assert not outside_reserved(text.text), text
        assert not NEAR_RESERVED.search(text.text), text
        assert not any(map(blocked.__getitem__, WORD.findall(text.text.casefold()))), text
        if text.policy != "none":
            assert function_named(text.policy, text.function).violating == text.violating
        seen.add((text.policy, text.function))
        chains.add(text.operators)
    everything = {
        (name, function)
        for name, policy in POLICIES.classes().items()
        if policy.in_text
        for hard in hard_negatives(name)
        for function in (hard, function_named(name, hard).twin)
    }
    assert everything <= seen
    assert len(chains) == 1 + 3 * (len(OPERATORS.classes()) - 1)


def every_template(tier: str = "T1") -> Iterator[Recipe]:
    for policy in ("none", *POLICIES.classes()):
        for function, language in product((*functions(policy), *hard_negatives(policy)), LANGUAGES):
            for variant in range(template_count(policy, function, language)):
                recipe = composed(
                    policy, 7, title="Low Tide", language=language, function=function, tier=tier
                )
                yield replace(recipe, variant=variant)


def test_every_template_under_every_operator_decodes_and_passes_the_gate() -> None:
    kinds = sorted(OPERATORS.classes())
    for place, recipe in enumerate(every_template()):
        for kind, strength in product(kinds, (0.3, 1.0)):
            hidden = replace(recipe, chain=((kind, strength),), seed=1_000_003 * place)
            gated(hidden)
            assert hidden.violating == recipe.violating
            for name, value in hidden.slots:
                if name in hidden.template.evade:
                    assert decodes(value, name, hidden), (hidden, name)


@settings(max_examples=150, deadline=None)
@given(
    bits=BITS,
    policy=st.sampled_from(sorted(POLICIES.classes())),
    language=st.sampled_from(LANGUAGES),
    tier=st.sampled_from(TIERS),
    chain=st.lists(st.tuples(st.sampled_from(sorted(OPERATORS.classes())), st.floats(0, 1)), max_size=3),
    dialect=st.sampled_from(["", *DIALECTS]),
)
def test_any_chain_on_any_text_is_written_again_decodes_and_passes(
    bits: int, policy: str, language: str, tier: str, chain: list[tuple[str, float]], dialect: str
) -> None:
    for recipe in twins(policy, bits, title="Low Tide", language=language, tier=tier, chain=tuple(chain)):
        spoken = replace(recipe, dialect=dialect)
        frame = gated(spoken)
        assert written(spoken) == frame.text
        assert spoken.violating == function_named(policy, spoken.function).violating
        for name, value in spoken.slots:
            if name in (*spoken.template.evade, MARK):
                assert decodes(value, name, spoken)


def test_invented_words_are_no_words_and_near_to_nothing_blocked() -> None:
    assert coined() == pools()
    for form in forms():
        assert not is_word(form), form
        assert not near_blocked(form), form
    assert len({reading(word) for word in forms()}) == len(forms())


def test_claims_are_false_exactly_where_the_table_says_so() -> None:
    table = {country.name: country for country in countries()}
    told = 0
    for recipe in every_template():
        if recipe.policy != "misinformation":
            continue
        slots = dict(recipe.slots)
        country = table[slots["country"]]
        for slot, value in slots.items():
            fact = slot.removeprefix("false_")
            if fact != "country" and hasattr(country, fact):
                assert (true_value(country, fact) != value) == slot.startswith("false_")
                told += 1
        template = recipe.template.variants(recipe.language)[recipe.variant]
        if recipe.violating:
            assert "{false_" in template
    assert told > 50


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        ((("insult", "lantern"),), "'lantern' is not in the vocabulary of the slot 'insult'"),
        (
            (("link", "https://shop.com/1"),),
            "'https://shop.com/1' is not in the vocabulary of the slot 'link'",
        ),
        ((("phone", "202-555-1234"),), "'202-555-1234' is not in the vocabulary"),
        ((("lure", "gold bar"),), "'gold bar' is not in the vocabulary of the slot 'lure'"),
        ((("mark", "GREENROOM"),), "'GREENROOM' is not a test string"),
        ((("nowhere", "x"),), "unknown slot 'nowhere'"),
    ],
)
def test_the_gate_refuses_what_is_not_of_the_vocabulary(
    slots: tuple[tuple[str, str], ...], words: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        gated(Recipe("harassment", "direct_insult", "en", 0, slots, tier="T1"))


def test_mild_words_stand_in_their_own_policy_and_tier_alone() -> None:
    slots = (("insult", "idiot"), ("handle", "@bab_001"), ("title", "Low Tide"))
    mild = Recipe("harassment", "direct_insult", "en", 0, slots, tier="T2")
    assert "idiot" in gated(mild).text
    for wrong in (replace(mild, tier="T1"), replace(mild, policy="threat", function="direct_threat")):
        with pytest.raises(RefusedError, match="'idiot' is not in the vocabulary"):
            gated(wrong)


def test_the_gate_reads_the_whole_text_for_reserved_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    own = function_named("harassment", "direct_insult")
    leaking = replace(own, texts={"en": ("call 202 555 1234 or see shop.com, {handle}",)})
    recipe = Recipe("harassment", own.name, "en", 0, (("handle", "@bab_001"),), tier="T3", own=leaking)
    with pytest.raises(RefusedError, match=r"'shop.com' is not from a range reserved"):
        gated(recipe)


def test_the_gate_refuses_a_text_that_is_not_the_same_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.adversaries import gate

    drawn = iter(range(100))
    rendered = gate.rendered
    monkeypatch.setattr(gate, "rendered", lambda recipe: rendered(replace(recipe, variant=next(drawn) % 3)))
    with pytest.raises(RefusedError, match="does not give the same text twice"):
        gated(Recipe("none", "question", "en", 0, (("title", "Low Tide"),)))
