"""Labels cannot leak: nothing but text and media tells a violating single post from the others."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from sim.durations import DAY, HOUR
from sim.scenario import Scenario
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle

TALK = {
    "comment": 0.9,
    "post": 0.5,
    "upload": 0.6,
    "direct_message": 0.5,
    "profile": 0.2,
    "live_chat": 0.5,
    "report": 0.2,
}
POLICIES = ("harassment", "hate", "illegal_goods", "misinformation", "privacy", "scam", "self_harm", "threat")
HARD = 0.3
ROUGHLY_HALF = (0.45, 0.55)


def scenario(**moderation: Any) -> Scenario:
    """The tiny scenario, whose viewers write a lot, a third of it in violation of some policy."""
    policies = [{"kind": name, "prevalence": 0.04, "hard_negatives": HARD} for name in POLICIES]
    operators = [
        {"kind": kind, "strength": 0.5} for kind in ("homoglyph", "leet", "zero_width", "segmentation")
    ]
    settings = {
        "policies": policies,
        "tiers": {"T0": 0.2, "T1": 1, "T2": 1},
        "operators": operators,
        "disguised": 0.2,
        "dialects": {"vale": 0.2, "ridge": 0.2},
        **moderation,
    }
    people = tiny_scenario().audience.model_dump() | {"talk": {**TALK, "moderation": settings}}
    media = [
        {"topic": "content", "kinds": ["upload"], "medium": "image", "sample": 0.5, "generator": "key_art"},
        {"topic": "content", "kinds": ["upload"], "medium": "song", "generator": "song"},
    ]
    return tiny_scenario(audience=people, campaigns=[], media=media)


@cache
def records() -> tuple[list[dict[str, Any]], np.ndarray[Any, Any], list[dict[str, Any]]]:
    told = Chronicle.of(scenario(), 36 * HOUR)
    labels = {row["subject"]: row for row in told.kind("truth", "label").to_dicts()}
    rows = [row for name in told.kinds("content") for row in told.kind("content", name).to_dicts()]
    truth = [labels[row["event_id"]] for row in rows]
    return rows, np.array([label["violating"] for label in truth]), truth


def features(row: dict[str, Any]) -> list[float]:
    """Everything that a record shows but what its text and media say: times, ids, kind, key, lengths, presence."""
    at, event_id = row["at"], row["event_id"]
    return [
        at,
        at % DAY,
        at % 60_000,
        at % 1000,
        list(TALK).index(row["kind"]),
        row["source"],
        int(event_id[11:]),
        row["user_id"],
        row["user_id"] % 64,
        row["item_id"],
        row["language"],
        len(row["text"]),
        len(row["text"].encode()),
        0 if row["media"] is None else len(row["media"]),
        -1 if not row["media"] else row["media"][0]["seed"] % 1_000_003,
        row.get("target_id") or 0,
        hash_of(row.get("medium")),
        len(row.get("reason") or ""),
        row.get("signals") is not None,
    ]


def hash_of(medium: str | None) -> int:
    return -1 if medium is None else ("image", "clip", "voice_note", "song").index(medium)


def auc(columns: np.ndarray[Any, Any], violating: np.ndarray[Any, Any]) -> float:
    """Of a boosted classifier, on the half of the records that it was not trained on."""
    half = np.random.default_rng(5).permutation(len(violating)) % 2 == 0
    model = HistGradientBoostingClassifier(random_state=5, max_iter=60, max_depth=4)
    model.fit(columns[half], violating[half])
    return float(roc_auc_score(violating[~half], model.predict_proba(columns[~half])[:, 1]))


def test_metadata_and_lengths_do_not_tell_what_violates() -> None:
    rows, violating, _ = records()
    assert 0.2 < violating.mean() < 0.4
    assert len(rows) > 8_000
    told = auc(np.array([features(row) for row in rows], dtype=float), violating)
    print(f"AUC of metadata: {told:.3f} on {len(rows)} records")
    assert ROUGHLY_HALF[0] <= told <= ROUGHLY_HALF[1]


@pytest.mark.parametrize("measure", [len, lambda text: len(text.encode())], ids=["characters", "bytes"])
def test_lengths_alone_do_not_tell(measure: Any) -> None:
    rows, violating, _ = records()
    told = auc(np.array([[measure(row["text"])] for row in rows], dtype=float), violating)
    print(f"AUC of lengths: {told:.3f}")
    assert ROUGHLY_HALF[0] <= told <= ROUGHLY_HALF[1]


def test_the_test_would_see_a_leak() -> None:
    rows, violating, _ = records()
    columns = np.array([features(row) for row in rows], dtype=float)
    columns[:, 0] += np.where(violating, 40_000, 0)
    columns[:, 1] = columns[:, 0] % DAY
    leaking = columns.copy()
    leaking[:, 11] += np.where(violating, 6, 0)
    assert auc(leaking, violating) > 0.6


def test_every_viewer_may_violate_and_every_kind_carries_both() -> None:
    rows, violating, truth = records()
    for kind in TALK:
        chosen = [bad for row, bad in zip(rows, violating, strict=True) if row["kind"] == kind]
        assert 0.1 < np.mean(chosen) < 0.5, kind
    assert {label["policy"] for label in truth} == {*POLICIES, "none"}
    assert {label["tier"] for label in truth} == {"", "T0", "T1", "T2"}
    assert {label["dialect"] for label in truth} == {"", "vale", "ridge"}
    disguised = np.array([bool(label["operators"]) for label in truth])
    assert disguised[violating].mean() == pytest.approx(disguised[~violating].mean(), abs=0.03)


def test_prevalence_is_as_stated() -> None:
    _, violating, truth = records()
    assert violating.mean() == pytest.approx(0.04 * len(POLICIES), abs=0.02)
    hard = np.mean([label["policy"] != "none" and not label["violating"] for label in truth])
    assert hard == pytest.approx(0.04 * len(POLICIES) * HARD, abs=0.015)
