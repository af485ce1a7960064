"""The AsyncAPI document: valid by the official schema, whole, and published as it is."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry

from sim.events import KINDS
from sim.testing import tiny_scenario
from streams.codec.codec import FORMATS
from streams.commands.formats import terms_of
from streams.schemas.asyncapi import asyncapi
from streams.topics import TOPICS

OFFICIAL = json.loads((Path(__file__).parent / "asyncapi-3.0.0.json").read_text())
PUBLISHED = Path(__file__).parents[3] / "docs" / "asyncapi.json"
CHANGE = {"name": "gone", "at": "1h", "topic": "journeys", "kind": "play", "remove_field": "origin"}


def document(format_name: str) -> dict[str, Any]:
    scenario = tiny_scenario(schema_changes=[CHANGE])
    return asyncapi(scenario, terms_of(scenario), run="mine", format_name=format_name)


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_official_schema_accepts_it(format_name: str) -> None:
    jsonschema.Draft7Validator(OFFICIAL, registry=Registry()).validate(document(format_name))


def test_the_official_schema_is_asked() -> None:
    spoilt = document("json")
    spoilt["channels"]["journeys"]["messages"] = ["play"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(OFFICIAL, registry=Registry()).validate(spoilt)


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_topic_and_every_version_of_every_kind_is_there(format_name: str) -> None:
    told = document(format_name)
    assert {c["address"] for c in told["channels"].values()} == {f"mine.{topic.name}" for topic in TOPICS}
    names = {f"{kind.topic}.{kind.name}.v1" for kind in KINDS} | {"journeys.play.v2"}
    assert set(told["components"]["messages"]) == names
    assert {name for c in told["channels"].values() for name in c["messages"]} == names
    for operation in told["operations"].values():
        assert operation["channel"]["$ref"].removeprefix("#/channels/") in told["channels"]


def test_the_published_document_is_the_present_one() -> None:
    # In a process of its own: other tests define plug-ins.
    command = [sys.executable, "-m", "streams", "scenario", "asyncapi", "video_service"]
    written = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    present = "greenroom scenario asyncapi video_service > docs/asyncapi.json"
    assert json.loads(PUBLISHED.read_text()) == json.loads(written), f"run `{present}`"
