"""Scores are what a count by hand gives."""

import numpy as np
import polars as pl
import pytest

from streams.loadtest.moderation.campaign_scores import campaign_scores, co_sharing_scores
from streams.loadtest.moderation.marks import Marks
from streams.loadtest.moderation.operator_scores import calibration, operator_scores
from streams.loadtest.moderation.policy_scores import benign_scores, policy_scores
from streams.loadtest.moderation.question import Question
from streams.loadtest.moderation.shape import Verdict


def marked(rows: list[tuple[Question, Verdict]]) -> pl.DataFrame:
    marks = Marks()
    for question, verdict in rows:
        marks.note(question, verdict)
    return marks.table()


def ask(base: int, violating: bool, flagged: bool, **more: object) -> tuple[Question, Verdict]:
    score = more.pop("score", 0.9 if flagged else 0.1)
    given = {"policy": "hate", "function": "slur" if violating else "quote"} | more
    question = Question("k", "text", "en", violating=violating, base=base, **given)  # type: ignore[arg-type]
    return question, Verdict(flagged, score)  # type: ignore[arg-type]


def test_recall_precision_and_false_positives_are_counts_over_undisguised_texts() -> None:
    rows = [ask(n, True, n < 8) for n in range(10)] + [ask(n, False, n < 3) for n in range(10)]
    rows += [ask(n, True, False, operator="leet", strength=1.0) for n in range(10)]
    rows += [ask(n, False, n < 1, policy="none", function="praise") for n in range(50)]
    scores = policy_scores(marked(rows), 0.01)["hate"]
    assert scores["recall"]["value"] == 0.8
    assert scores["fpr"]["value"] == 0.3
    assert scores["precision"]["value"] == pytest.approx(8 / 11, abs=1e-6)
    assert scores["disguised"]["recall"]["value"] == 0
    assert scores["robust_accuracy"] == 0
    # Right are the pairs whose violation was found and whose twin was not: numbers 3 to 7.
    assert scores["pair_accuracy"]["value"] == 0.5
    assert scores["deployed_precision"] == pytest.approx(0.8 * 0.01 / (0.8 * 0.01 + 0.02 * 0.99), abs=1e-5)
    assert scores["functions"]["quote"]["accuracy"]["value"] == 0.7


def test_intervals_are_wilsons_and_stay_within_the_unit() -> None:
    rows = [ask(n, True, True) for n in range(40)]
    recall = policy_scores(marked(rows), 0.01)["hate"]["recall"]
    z2 = 1.959964**2
    assert recall == {"value": 1.0, "low": pytest.approx(1 / (1 + z2 / 40), abs=1e-4), "high": 1.0}


def test_attack_success_counts_only_what_was_caught_undisguised() -> None:
    rows = [ask(n, True, n < 6) for n in range(10)]
    rows += [ask(n, True, n < 2 or n == 9, operator="leet", strength=0.5) for n in range(10)]
    rows += [ask(n, False, n < 4, operator="leet", strength=0.5) for n in range(10)]
    scores = operator_scores(marked(rows))["leet"]
    assert scores["attack_success"]["0.5"]["value"] == pytest.approx(4 / 6, abs=1e-6)
    assert scores["fpr"]["0.5"]["value"] == 0.4


def test_false_positives_by_dialect_and_the_gap_between_them() -> None:
    rows = [ask(n, False, n < 1, policy="none", dialect="") for n in range(10)]
    rows += [ask(n, False, n < 5, policy="none", dialect="vale") for n in range(10)]
    scores = benign_scores(marked(rows))
    assert scores["fpr"]["value"] == 0.3
    assert scores["by_dialect"]["vale"]["value"] == 0.5
    assert scores["dialect_gap"] == pytest.approx(0.4)


def test_calibration_error_is_the_mean_gap_between_score_and_truth() -> None:
    rng = np.random.default_rng(4)
    scores = rng.random(4000)
    right = [ask(n, bool(rng.random() < s), bool(s > 0.5), score=float(s)) for n, s in enumerate(scores)]
    wrong = [ask(n, False, True, score=0.95, operator="leet", strength=1.0) for n in range(100)]
    told = calibration(marked(right + wrong))
    assert told["ece_clean"] is not None
    assert told["ece_clean"] < 0.05
    assert told["ece_disguised"] == pytest.approx(0.95)


def test_a_service_without_scores_has_no_calibration() -> None:
    assert calibration(marked([ask(1, True, True, score=None)])) == {"ece_clean": None, "ece_disguised": None}


def test_accounts_time_to_detection_and_exposures() -> None:
    def post(account: int, at: int, flagged: bool, violating: bool = True) -> tuple[Question, Verdict]:
        return ask(-1, violating, flagged, campaign="link_farm", account=account, at=at * 1000)

    rows = [post(1, 0, False), post(1, 60, False), post(1, 100, True), post(1, 200, True)]
    rows += [post(2, 0, True), post(3, 50, False), post(3, 90, True, violating=False)]
    rows += [ask(-1, False, a == 7, campaign="fandom", account=a, at=300_000) for a in (7, 8, 9, 10)]
    told = campaign_scores(marked(rows))
    farm = told["link_farm"]
    assert farm["accounts"] == 3
    assert farm["account_recall"]["value"] == pytest.approx(2 / 3, abs=1e-6)
    assert farm["exposures_before_action"] == pytest.approx((2 + 0 + 1) / 3, abs=1e-3)
    times = farm["time_to_detect_s"]
    assert dict(zip(times["at"], times["undetected"], strict=True)) == pytest.approx(
        {0.0: 2 / 3, 100.0: 1 / 3, 250.0: 1 / 3}, abs=1e-5
    )
    assert times["median"] == 100.0
    assert told["fandom"]["account_fpr"]["value"] == 0.25


def test_a_co_share_rule_sees_links_and_no_words() -> None:
    posts = [
        ("farm", a, f"text {a} https://x-100.test/{n}", n * 90_000 + a * 4_000)
        for a in (1, 2)
        for n in (1, 2)
    ]
    posts += [("news", a, f"https://y-100.test/{a}", a) for a in (3, 4)]
    assert co_sharing_scores(posts) == {
        "farm": {"10": 1.0, "60": 1.0, "600": 1.0},
        "news": {"10": 0.0, "60": 0.0, "600": 0.0},
    }


def test_nothing_asked_is_no_error() -> None:
    nothing = Marks().table()
    assert policy_scores(nothing, 0.01) == operator_scores(nothing) == campaign_scores(nothing) == {}
    assert benign_scores(nothing)["fpr"]["value"] is None
