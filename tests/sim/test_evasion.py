"""A published classifier under attack by the text operators: the pattern that is known of it is what is found.

alt-profanity-check (a linear model on word counts) knows mild insults; disguises make words that it has never seen, and
normalisation in front of it brings those back that are lossless in Unicode's own tables.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from sim.adversaries.disguise import disguised, reframed
from sim.adversaries.operator import OPERATORS, Frame, WordOperator
from sim.adversaries.skeleton import normalised

profanity_check = pytest.importorskip("profanity_check", reason="alt-profanity-check is in the extra 'dev'")

CARRIERS = (
    "you are such a {word}",
    "only a {word} would say that",
    "look at this {word}",
    "they called me a {word}",
    "a {word} like you",
    "the {word} was here again",
)
MILD = ("idiot", "loser", "moron", "fool", "jerk", "stupid")
HARMLESS = ("table", "garden", "tourist", "neighbour", "painter", "window")
STRENGTHS = (0.25, 0.5, 1.0)
DRAWS = 4
UNDONE = ("homoglyph", "zero_width", "fullwidth", "bidi", "case")
"""Operators that Unicode normalisation undoes without a trace."""

Table = dict[str, list[float]]


def texts(words: Sequence[str], kind: str = "", strength: float = 0.0) -> list[str]:
    """Every carrier with every word, disguised each in several ways."""
    chain = ((kind, strength),) if kind else ()
    return [
        reframed(Frame(carrier), CARRIERS, "en", chain, seed=seed).text.format(
            word=disguised(word, "word", chain, seed=seed)
        )
        for carrier in CARRIERS
        for word in words
        for seed in range(DRAWS if kind else 1)
    ]


def flagged(written: list[str]) -> float:
    return float(np.mean(profanity_check.predict(written)))


def attack_success(front: Callable[[str], str]) -> Table:
    """Part of the violating texts that pass, by operator and strength; all are caught as they are."""
    return {
        kind: [1 - flagged([front(text) for text in texts(MILD, kind, strength)]) for strength in STRENGTHS]
        for kind in sorted(OPERATORS.classes())
    }


@pytest.fixture(scope="module")
def bare() -> Table:
    return attack_success(str)


@pytest.fixture(scope="module")
def guarded() -> Table:
    return attack_success(normalised)


def test_clean_texts_of_the_mild_register_are_caught_and_harmless_ones_are_not() -> None:
    assert flagged(texts(MILD)) >= 0.95
    assert flagged(texts(HARMLESS)) == 0
    for carrier in CARRIERS:
        assert flagged([carrier.format(word=word) for word in HARMLESS]) == 0, f"{carrier} fires alone"


def test_the_table_is_told(bare: Table, guarded: Table, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"{'operator':20s}{'bare':>18s}{'normalised':>18s}", f"{'':20s}" + f"{'.25   .5    1':>18s}" * 2]
    for kind in bare:
        figures = "  ".join(" ".join(f"{rate:5.2f}" for rate in table[kind]) for table in (bare, guarded))
        lines.append(f"{kind:20s} {figures}")
    with capsys.disabled():
        print("\nalt-profanity-check, mild register: part of the texts that pass\n" + "\n".join(lines))
    assert set(bare) == set(guarded) == set(OPERATORS.classes())


@pytest.mark.parametrize("kind", ["homoglyph", "zero_width", "fullwidth", "segmentation", "emoji_insertion"])
def test_full_strength_evades_most(bare: Table, kind: str) -> None:
    assert bare[kind][-1] >= 0.8


def test_more_harmless_sentences_let_more_pass(bare: Table) -> None:
    assert bare["benign_padding"] == sorted(bare["benign_padding"])
    assert bare["benign_padding"][-1] >= 0.5


@pytest.mark.parametrize("kind", UNDONE)
def test_normalisation_brings_back_what_it_can_undo(guarded: Table, kind: str) -> None:
    assert max(guarded[kind]) <= 0.05


@pytest.mark.parametrize("kind", ["leet", "keyboard", "delete", "segmentation", "emoji_insertion"])
def test_normalisation_does_not_help_against_the_rest(bare: Table, guarded: Table, kind: str) -> None:
    assert guarded[kind][-1] >= bare[kind][-1] - 0.1
    assert guarded[kind][-1] >= 0.4


def test_word_operators_leave_harmless_texts_unflagged() -> None:
    for kind, cls in OPERATORS.classes().items():
        if issubclass(cls, WordOperator) and kind not in ("emoji_insertion", "emoji_substitution"):
            assert flagged(texts(HARMLESS, kind, 1.0)) <= 0.1, kind
