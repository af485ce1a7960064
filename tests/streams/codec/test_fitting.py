"""A change after which records could not be written any more is refused: by name, and before anything is changed."""

from typing import Any

import pytest

from sim.numbering import seed_tag
from sim.steering.change import CHANGES, Change
from sim.testing import tiny_scenario
from streams.codec.codec import FRAMED
from streams.codec.fitting import check_fits
from streams.codec.json_codec import JsonCodec
from tests.streams.codec.framed import framed

SCENARIO = tiny_scenario()
GAPS = {
    "kind": "missing_values",
    "name": "gaps",
    "records": ["session_start"],
    "field": "device",
    "rate": 0.2,
}
PLANNED = {**GAPS, "name": "planned", "at": "900d"}


def planting(shift: dict[str, Any]) -> Change:
    return CHANGES.parse({"kind": "shift", "at": 0, "shift": shift})


@pytest.mark.parametrize("name", FRAMED)
def test_a_schema_that_insists_on_a_field_is_named(name: str) -> None:
    with pytest.raises(
        ValueError, match=rf"'gaps': the {name} schema of journeys\.session_start cannot be without 'device'"
    ):
        check_fits(framed(name, SCENARIO), planting(GAPS))
    several = {**GAPS, "records": ["skip", "complete"], "field": "watched_ms"}
    with pytest.raises(
        ValueError, match=r"schemas of journeys\.complete, journeys\.skip cannot .*--format json"
    ):
        check_fits(framed(name, SCENARIO), planting(several))


@pytest.mark.parametrize("name", FRAMED)
def test_what_the_scenario_plans_to_be_missing_may_be_missing_at_any_time(name: str) -> None:
    check_fits(framed(name, tiny_scenario(shifts=[PLANNED])), planting(GAPS))


@pytest.mark.parametrize("name", FRAMED)
def test_json_values_and_other_changes_fit_always(name: str) -> None:
    media = {**GAPS, "topic": "content", "records": ["comment"], "field": "media"}
    check_fits(framed(name, SCENARIO), planting(media))
    check_fits(
        framed(name, SCENARIO), planting({"kind": "sudden", "name": "s", "dial": "watch_scale", "factor": 2})
    )
    check_fits(
        framed(name, SCENARIO), CHANGES.parse({"kind": "dial", "at": 0, "dial": "arrivals", "factor": 2})
    )


def test_json_without_a_schema_may_lack_any_field() -> None:
    check_fits(JsonCodec(seed_tag(1), SCENARIO.vocabularies()), planting(GAPS))
