"""Every shape asks as its service wants to be asked, reads its answers, and takes nothing else for a verdict."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.exits import UsageError
from streams.loadtest.moderation.known_shapes import SHAPES, shape_named
from streams.loadtest.moderation.question import Question
from streams.loadtest.moderation.shapes.mapped import Mapped

QUESTION = Question("000000007", "hello", "de", "none", False, "praise", 3)

FLAGGED: dict[str, Any] = {
    "openai": {
        "results": [
            {
                "flagged": True,
                "categories": {"hate": True, "harassment": False},
                "category_scores": {"hate": 0.75, "harassment": 0.1},
            }
        ]
    },
    "perspective": {
        "attributeScores": {
            "INSULT": {"summaryScore": {"value": 0.75, "type": "PROBABILITY"}},
            "THREAT": {"summaryScore": {"value": 0.1, "type": "PROBABILITY"}},
        }
    },
    "azure": {
        "categoriesAnalysis": [{"category": "Hate", "severity": 6}, {"category": "Violence", "severity": 0}],
        "blocklistsMatch": [],
    },
    "json": {"flagged": True, "score": 0.75, "categories": {"hate": 0.75}},
}
PASSED: dict[str, Any] = {
    "openai": {
        "results": [{"flagged": False, "categories": {"hate": False}, "category_scores": {"hate": 0.2}}]
    },
    "perspective": {"attributeScores": {"INSULT": {"summaryScore": {"value": 0.2}}}},
    "azure": {"categoriesAnalysis": [{"category": "Hate", "severity": 0}]},
    "json": {"flagged": False},
}

trees = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["results", "flagged", "categories", "category_scores", "attributeScores", "summaryScore", "value",
         "categoriesAnalysis", "severity", "category", "score", "x"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def body(tree: Any) -> bytes:
    return json.dumps(tree).encode()


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_verdict_is_read(name: str) -> None:
    shape = shape_named(name)
    yes, no = shape.read(body(FLAGGED[name])), shape.read(body(PASSED[name]))
    assert yes is not None
    assert no is not None
    assert (yes.flagged, no.flagged) == (True, False)
    assert yes.score is not None
    assert yes.score > 0.7
    assert len(yes.categories) == 1
    assert not no.categories


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_the_text_is_sent_and_nothing_of_its_truth(name: str) -> None:
    sent = shape_named(name).body(QUESTION)
    assert b"hello" in sent
    assert b"none" not in sent
    assert b"praise" not in sent


@pytest.mark.parametrize("name", sorted(SHAPES))
@pytest.mark.parametrize(
    "answer", [b"", b"no json", b"null", b"[]", b"{}", b'{"results": []}', b'{"flagged": "yes"}', b"\xff\xfe"]
)
def test_what_is_no_answer_is_malformed(name: str, answer: bytes) -> None:
    assert shape_named(name).read(answer) is None


@pytest.mark.parametrize("name", sorted(SHAPES))
@given(tree=trees)
@settings(max_examples=150, deadline=None)
def test_no_answer_breaks_the_reader(name: str, tree: Any) -> None:
    verdict = shape_named(name).read(json.dumps(tree).encode())
    assert verdict is None or isinstance(verdict.flagged, bool)


def test_a_block_list_that_matches_flags() -> None:
    answer = {
        "categoriesAnalysis": [],
        "blocklistsMatch": [{"blocklistName": "ours", "blocklistItemText": "x"}],
    }
    verdict = shape_named("azure").read(body(answer))
    assert verdict is not None
    assert verdict.flagged
    assert dict(verdict.categories) == {"blocklist:ours": 1.0}


def test_a_mapping_file_adapts_another_service(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "request: {doc: {body: $text, lang: $language}, id: $request_id}\n"
        "score: data.risk\ngreatest: 100\nthreshold: 60\ncategories: data.labels\n"
    )
    shape = Mapped.of(file)
    assert json.loads(shape.body(QUESTION)) == {"doc": {"body": "hello", "lang": "de"}, "id": "000000007"}
    high = shape.read(body({"data": {"risk": 75, "labels": ["abuse"]}}))
    low = shape.read(body({"data": {"risk": 12, "labels": []}}))
    assert high is not None
    assert low is not None
    assert (high.flagged, high.score, dict(high.categories)) == (True, 0.75, {"abuse": 1.0})
    assert not low.flagged
    assert shape.read(body({"data": {}})) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("request: {t: $txt}\nscore: s\n", "text"),
        ("request: {t: $text}\n", "neither"),
        ("request: {t: $text}\nscore: '['\n", "JMESPath"),
        ("request: {t: $text}\nscore: s\nscoer: x\n", "scoer"),
    ],
)
def test_a_mapping_file_that_is_wrong_says_where(tmp_path: Path, text: str, word: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises((UsageError, ValueError), match=word):
        shape_named(str(file))


def test_an_unknown_shape_is_told_with_the_near_miss() -> None:
    with pytest.raises(UsageError, match="Did you mean 'openai'"):
        shape_named("openia")
