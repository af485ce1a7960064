"""The JSON Schema that the repository publishes for scenario files."""

import json
import subprocess
import sys
from pathlib import Path

PUBLISHED = Path(__file__).parents[2] / "docs" / "scenario.schema.json"


def test_the_published_schema_is_the_present_one():
    # In a process of its own, as `make schema` runs it: other tests define plug-ins, which a schema would list too.
    command = [sys.executable, "-m", "streams", "scenario", "schema"]
    written = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert json.loads(PUBLISHED.read_text()) == json.loads(written), "run `make schema`"
