"""What goes over the wire: the published contract, other shapes by mapping, and the inspection of what comes back."""

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from jsonschema import Draft202012Validator

from sim.names import UnknownNameError
from sim.testing import tiny_scenario
from sim.world import World
from streams.exits import UsageError
from streams.recommenders.dialect import Dialect, Native, Single, WrongAnswerError, mapped
from streams.recommenders.inspection import Inspection, Served
from streams.recommenders.wire import SlateAnswers, SlateQuestions, openapi

ASKED = [
    {
        "request_id": f"r{number}",
        "user_id": "u00000007",
        "region": "north",
        "device": "tv",
        "surface": "home",
        "k": 2,
        "at": 1767225600000,
    }
    for number in range(2)
]
SLATES = [
    {"request_id": "r1", "items": ["t0000001", "t0000002"]},
    {"request_id": "r0", "items": ["t0000003"]},
]


def schema(name: str) -> Draft202012Validator:
    document = openapi()
    document["$ref"] = f"#/components/schemas/{name}"
    return Draft202012Validator(document)


def test_the_published_contract_holds_for_what_is_sent_and_read() -> None:
    sent = orjson.loads(Native().write(ASKED))
    assert not list(schema("SlateQuestions").iter_errors(sent))
    assert SlateQuestions.model_validate(sent).requests[1].request_id == "r1"
    answer = {"slates": SLATES}
    assert not list(schema("SlateAnswers").iter_errors(answer))
    assert SlateAnswers.model_validate(answer).slates[0].items == ["t0000001", "t0000002"]
    assert list(schema("SlateAnswers").iter_errors({"slates": [{"items": []}]}))
    assert list(schema("SlateQuestions").iter_errors({"requests": [{**ASKED[0], "k": 0}]}))


def test_the_contract_is_a_whole_openapi_document() -> None:
    document = openapi()
    assert document["openapi"] == "3.1.0"
    operation = document["paths"]["/recommend"]["post"]
    for content in (operation["requestBody"]["content"], operation["responses"]["200"]["content"]):
        name = content["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        assert name in document["components"]["schemas"]
    for name, model in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(model)
        assert model["description"], name
        assert all(field["description"] for field in model["properties"].values()), name


def test_slates_are_found_by_their_requests_in_any_order() -> None:
    found = Native().read(orjson.dumps({"slates": [*SLATES, 5, {"items": []}]}), ASKED)
    assert [found[one["request_id"]]["items"][0] for one in ASKED] == ["t0000003", "t0000001"]
    assert len(found) == 2
    one = Single().read(orjson.dumps({"items": ["t0000009"]}), ASKED[:1])
    assert one["r0"]["items"] == ["t0000009"]
    assert orjson.loads(Single().write(ASKED[:1])) == ASKED[0]


@pytest.mark.parametrize("dialect", [Native(), Single()])
@pytest.mark.parametrize(
    ("body", "kind"), [(b"<html>", "not_json"), (b"", "not_json"), (b"[1]", "malformed")]
)
def test_answers_that_are_none_are_told_by_kind(dialect: Dialect, body: bytes, kind: str) -> None:
    with pytest.raises(WrongAnswerError, match=kind):
        dialect.read(body, ASKED[:1])


def mapping(folder: Path, text: str) -> Any:
    file = folder / "mapping.yaml"
    file.write_text(text)
    return mapped(file)


def test_a_mapping_without_a_message_asks_one_by_one(tmp_path: Path) -> None:
    dialect = mapping(
        tmp_path, "request: {who: $user_id, cash: $$5}\nanswer: {items: recs, propensities: p, policy: model}"
    )
    assert not dialect.gathers
    assert orjson.loads(dialect.write(ASKED[:1])) == {"who": "u00000007", "cash": "$5"}
    found = dialect.read(b'{"recs": ["t0000001"], "p": [0.5], "model": "m"}', ASKED[:1])
    assert found == {"r0": {"items": ["t0000001"], "propensities": [0.5], "policy": "m"}}


def test_slates_without_ids_come_in_the_order_of_their_requests(tmp_path: Path) -> None:
    dialect = mapping(
        tmp_path, "message: $requests\nrequest: $user_id\nanswer: {slates: '@', items: '[*].id'}"
    )
    assert dialect.gathers
    found = dialect.read(b'[[{"id": "a"}], [{"id": "b"}]]', ASKED)
    assert found == {"r0": {"items": ["a"]}, "r1": {"items": ["b"]}}
    with pytest.raises(WrongAnswerError, match="malformed"):
        dialect.read(b'{"error": 1}', ASKED)


def test_the_examples_mapping_file_is_one(tmp_path: Path) -> None:
    dialect = mapped(Path("examples/recommender/mapping.yaml"))
    assert orjson.loads(dialect.write(ASKED))["batch"][1]["context"]["country"] == "north"


def test_wrong_mapping_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Field required"):
        mapping(tmp_path, "request: {}")
    with pytest.raises(UnknownNameError, match=r"Did you mean '\$user_id'"):
        mapping(tmp_path, "request: {who: $userid}\nanswer: {items: a}")
    with pytest.raises(UsageError, match="no JMESPath"):
        mapping(tmp_path, "request: {}\nanswer: {items: 'a['}")


NAMES = ["t0000001", "t0000002"]


@pytest.mark.parametrize(
    ("slate", "found"),
    [
        ({"items": NAMES}, Served([1, 2], [0.0, 0.0])),
        ({"items": [*NAMES, "whatever"], "propensities": [0.5, 0.25, 9]}, Served([1, 2], [0.5, 0.25])),
        (None, "missing"),
        ({}, "malformed"),
        ({"items": "t0000001"}, "malformed"),
        ({"items": [1, 2]}, "malformed"),
        ({"items": NAMES[:1]}, "short_slate"),
        ({"items": [NAMES[0]] * 2}, "duplicate_item"),
        ({"items": [NAMES[0], "t9999999"]}, "unknown_item"),
        ({"items": [NAMES[0], "t-000001"]}, "unknown_item"),
        ({"items": [NAMES[0], "t٠٠٠٠٠٠١"]}, "unknown_item"),
        ({"items": [NAMES[0], ""]}, "unknown_item"),
        ({"items": [NAMES[0], "t0000005"]}, "wrong_region"),
        ({"items": [NAMES[0], "t0000006"]}, "wrong_region"),
        ({"items": NAMES, "propensities": [0.5]}, "bad_propensity"),
        ({"items": NAMES, "propensities": [0.5, 1.2]}, "bad_propensity"),
        ({"items": NAMES, "propensities": [0.5, "x"]}, "bad_propensity"),
        ({"items": NAMES, "propensities": [0.5, float("nan")]}, "bad_propensity"),
        ({"items": [NAMES[0], "t0000004"]}, "not_a_candidate"),
    ],
)
def test_every_slate_is_inspected(slate: dict[str, Any] | None, found: Served | str) -> None:
    world = World(tiny_scenario())
    now = world.scenario.start_ms
    catalog = world.catalog
    catalog.available_from[:7, 0], catalog.available_until[:7, 0] = 0, np.iinfo(np.int64).max
    catalog.available_from[5, 0] = now + 1
    catalog.available_until[6, 0] = now
    candidates = [f"t{n:07d}" for n in (1, 2, 3, 5, 6)] if found == "not_a_candidate" else None
    assert Inspection(catalog, 2).inspect(slate, region=0, at=now, candidates=candidates) == found
