"""The JSON Schema that the repository publishes for scenario files."""

import json
from pathlib import Path

from streams.commands.scenario import schema

PUBLISHED = Path(__file__).parents[2] / "docs" / "scenario.schema.json"


def test_the_published_schema_is_the_present_one(capsys):
    schema()
    assert json.loads(PUBLISHED.read_text()) == json.loads(capsys.readouterr().out), "run `make schema`"
