"""Word lists as hashes: nearness is exact, nothing is readable, and both lists are what they were made of."""

from importlib.resources import files
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from sim.adversaries.near import patterns_asked, patterns_kept
from sim.adversaries.wordlists import BlockList, Dictionary, is_blocked, is_word, near_blocked

WORDS = st.text("abc", min_size=1, max_size=7)


@given(one=WORDS, other=WORDS)
def test_two_words_share_a_pattern_exactly_if_they_are_within_two_edits(one: str, other: str) -> None:
    near = not set(patterns_kept(one)).isdisjoint(patterns_asked(other))
    assert near == (Levenshtein.distance(one, other) <= 2)


def test_a_block_list_finds_what_is_near_and_little_else() -> None:
    words = ["borogove", "mimsyest", "slithytove"]
    blocked = BlockList.of(words)
    for word in words:
        assert blocked.has(word.upper())
        for i, j in combinations(range(len(word)), 2):
            assert blocked.is_near(word[:i] + "z" + word[i + 1 : j] + word[j + 1 :])
    others = [f"{a}{b}{c}ter{a}" for a in "bdfgk" for b in "aeiou" for c in "lmnr"]
    assert not any(map(blocked.is_near, others))
    assert not any(map(blocked.has, others))


def test_the_lists_that_ship_work_and_are_not_readable() -> None:
    assert is_word("lantern")
    assert is_word("Lantern")
    assert not is_word("vleskuribo")
    # The mildest words of the list, which may be printed here.
    assert is_blocked("Potty")
    assert near_blocked("pottyes")
    raw = files("sim.adversaries").joinpath("blocklist.npz").read_bytes()
    assert b"potty" not in raw.lower()
    assert len(raw) < 400_000


def test_a_dictionary_has_all_its_words_and_few_others() -> None:
    words = [f"word{number}" for number in range(2_000)]
    found = Dictionary.of(words)
    assert all(map(found.has, words))
    wrong = sum(found.has(f"other{number}") for number in range(20_000))
    assert wrong / 20_000 < 0.01


@pytest.mark.parametrize("word", ["idiot", "loser", "clown"])
def test_the_mild_register_is_not_blocked(word: str) -> None:
    assert not is_blocked(word)
