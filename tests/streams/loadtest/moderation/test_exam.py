"""An exam visits every cell of its plan, and asks the same of everybody."""

from itertools import islice

import pytest

from sim.adversaries.operator import OPERATORS
from sim.names import UnknownNameError
from streams.loadtest.moderation.exam import STRENGTHS, exam, textual_policies
from streams.loadtest.moderation.question import Question


@pytest.fixture(scope="module")
def asked() -> list[Question]:
    return list(islice(exam(5), 6_000))


def test_the_same_seed_asks_the_same(asked: list[Question]) -> None:
    assert list(islice(exam(5), 300)) == asked[:300]
    assert [q.text for q in islice(exam(6), 300)] != [q.text for q in asked[:300]]


def test_keys_tell_questions_apart_and_nothing_else(asked: list[Question]) -> None:
    assert len({question.key for question in asked}) == len(asked)
    assert {len(question.key) for question in asked} == {9}


def test_every_policy_disguise_and_strength_is_visited(asked: list[Question]) -> None:
    single = [question for question in asked if not question.campaign]
    assert {question.policy for question in single} == {*textual_policies(), "none"}
    kinds = OPERATORS.classes().keys() - {"image_text_split"}
    assert {(q.operator, q.strength) for q in single if q.operator} == {
        (k, s) for k in kinds for s in STRENGTHS
    }
    assert {question.tier for question in single if question.policy != "none"} == {"T1", "T2"}


def test_a_disguised_text_has_its_undisguised_version_in_the_same_unit(asked: list[Question]) -> None:
    single = [question for question in asked if not question.campaign]
    clean = {(q.base, q.violating): q for q in single if not q.operator and q.policy != "none"}
    hidden = [question for question in single if question.operator]
    assert hidden
    for question in hidden:
        other = clean[question.base, question.violating]
        assert (other.policy, other.function) == (question.policy, question.function)
    assert sum(q.text != clean[q.base, q.violating].text for q in hidden) > 0.9 * len(hidden)


def test_violations_and_hard_negatives_are_in_balance(asked: list[Question]) -> None:
    policies = [q for q in asked if not q.campaign and q.policy != "none"]
    assert abs(sum(question.violating for question in policies) / len(policies) - 0.5) < 0.01


def test_every_eighth_question_is_a_campaigns(asked: list[Question]) -> None:
    assert {number % 8 for number, question in enumerate(asked) if question.campaign} == {7}
    assert not any(question.campaign for question in islice(exam(5, campaigns=False), 200))


def test_an_exam_can_be_narrowed() -> None:
    some = list(islice(exam(1, policies=["hate"], operators=["leet"], tiers=["T1"], campaigns=False), 200))
    assert {question.policy for question in some} == {"hate", "none"}
    assert {question.operator for question in some} == {"", "leet"}
    with pytest.raises(UnknownNameError, match="Did you mean 'hate'"):
        textual_policies(["haet"])
