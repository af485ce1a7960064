"""Shifts that a running fleet cannot write down are refused when they are proposed, and the run goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest

from sim.durations import HOUR, MINUTE
from sim.pace import Pace
from sim.scenario import Scenario
from sim.steering.change import CHANGES
from sim.testing import tiny_scenario
from streams.cluster.administration import ensure_topics
from streams.codec.codec import FRAMED, Codec
from streams.commands.formats import codec_of
from streams.commands.publishing import assembled
from streams.control.controls import Controls
from streams.control.propose import propose
from streams.control.rehearsal import Rehearsal
from streams.control.steering import Steering
from streams.exits import UsageError
from streams.publish.run import Run
from streams.settings import ClusterSettings
from tests.streams.codec.framed import framed

GAPS = {
    "kind": "missing_values",
    "name": "gaps",
    "records": ["session_start"],
    "field": "device",
    "rate": 0.5,
}
GLASSES = {
    **{"kind": "new_category", "name": "glasses", "records": ["session_start"], "field": "device"},
    **{"word": "headset", "share": 0.5},
}
LATER = "900d"


def codec(name: str, scenario: Scenario) -> Codec:
    return framed(name, scenario) if name in FRAMED else codec_of(scenario, "", name, None)


def run_of(scenario: Scenario, format_name: str, controls: Steering) -> Run:
    return assembled(
        scenario,
        Pace.of(scenario),
        (0, 1),
        sink=None,
        target=None,
        speed=None,
        span=2 * HOUR,
        backfill=0,
        cloudevents=False,
        stop=Event(),
        controls=controls,
        codec=codec(format_name, scenario),
    )


@contextmanager
def steered(settings: ClusterSettings, run: str, scenario: Scenario, format_name: str) -> Iterator[Run]:
    ensure_topics(settings, run, partitions=1)
    controls = Controls(settings, run, (0, 1))
    try:
        yield run_of(scenario, format_name, controls)
    finally:
        controls.close()


def planted(settings: ClusterSettings, run: str, shift: dict[str, Any]) -> Any:
    at = tiny_scenario().start_ms + 30 * MINUTE
    return propose(settings, run, {"kind": "shift", "at": at, "shift": shift})


@pytest.mark.parametrize("format_name", FRAMED)
def test_a_schema_without_the_absence_refuses_missing_values_and_the_run_goes_on(
    embedded_broker: ClusterSettings, run_name: str, format_name: str
) -> None:
    with steered(embedded_broker, run_name, tiny_scenario(), format_name) as run:
        refused = planted(embedded_broker, run_name, GAPS)
        assert not refused.in_force
        assert (
            f"the {format_name} schema of journeys.session_start cannot be without 'device'" in refused.reason
        )
        run.play()
    assert run.published > 100


@pytest.mark.parametrize("format_name", ["json", *FRAMED])
def test_a_word_that_nobody_planned_is_refused_in_every_format(
    embedded_broker: ClusterSettings, run_name: str, format_name: str
) -> None:
    with steered(embedded_broker, run_name, tiny_scenario(), format_name) as run:
        refused = planted(embedded_broker, run_name, GLASSES)
        assert not refused.in_force
        assert "'glasses': no record of this run can say device 'headset'" in refused.reason
        run.play()
    assert run.published > 100


@pytest.mark.parametrize("format_name", ["json", *FRAMED])
def test_what_the_scenario_plans_for_later_can_be_steered_now(
    embedded_broker: ClusterSettings, run_name: str, format_name: str
) -> None:
    plans = [shift | {"name": f"planned-{shift['name']}", "at": LATER} for shift in (GAPS, GLASSES)]
    with steered(embedded_broker, run_name, tiny_scenario(shifts=plans), format_name) as run:
        for shift in (GLASSES, GAPS):
            outcome = planted(embedded_broker, run_name, shift)
            assert outcome.in_force, outcome.reason
        run.play()
    assert run.published > 100


def test_json_may_lack_what_nobody_planned(embedded_broker: ClusterSettings, run_name: str) -> None:
    with steered(embedded_broker, run_name, tiny_scenario(), "json") as run:
        assert planted(embedded_broker, run_name, GAPS).in_force
        run.play()
    assert run.published > 100


@pytest.mark.parametrize(
    ("shift", "format_name", "reason"),
    [
        (GAPS, "avro", r"another format: .*cannot be without 'device'"),
        (GLASSES, "json", r"another scenario: .*no record of this run can say device 'headset'"),
    ],
    ids=["missing_values", "new_category"],
)
def test_a_recording_that_does_not_fit_is_refused_before_anything_is_sent(
    shift: dict[str, Any], format_name: str, reason: str
) -> None:
    change = CHANGES.parse({"kind": "shift", "at": "2026-01-05T00:30:00Z", "shift": shift})
    with pytest.raises(UsageError, match=reason):
        run_of(tiny_scenario(), format_name, Rehearsal([change]))
