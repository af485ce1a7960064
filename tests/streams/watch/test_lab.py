"""The drift lab: what is promised of every shipped detector, on streams of the real world."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from sim.durations import HOUR
from sim.names import UnknownNameError
from sim.shifts.shift import SHIFTS
from streams.commands.drift import drift
from streams.exits import UsageError
from streams.watch.drift.detector import DETECTORS
from streams.watch.drift.lab.bench import Outcome, Quiet
from streams.watch.drift.lab.plan import PLANS, plan_named
from streams.watch.drift.lab.recording import Recording, recorded
from streams.watch.drift.lab.report import BEGIN, END, inserted, markdown
from streams.watch.drift.lab.trial import tried
from streams.watch.drift.lab.world import ONSET, WATCH, scenario

DETECTED = [DETECTORS.parse({"kind": kind}) for kind in sorted(DETECTORS.classes())]
SPREAD = 1.1


@pytest.fixture(scope="module")
def quiet() -> Recording:
    return recorded(scenario(5), ONSET + 2 * HOUR)


@pytest.fixture(scope="module", params=[11, 12])
def shifted(request: pytest.FixtureRequest, quiet: Recording) -> Recording:
    planted = plan_named("sudden").planted(1.0, quiet.spread)
    return recorded(scenario(request.param, [planted]), ONSET + 2 * WATCH.window)


def test_a_sudden_shift_of_one_standard_deviation_is_that(quiet: Recording, shifted: Recording) -> None:
    before, after = (
        [w for w in shifted.windows["watching"] if (w.start >= (shifted.onset or 0)) is late]
        for late in (False, True)
    )
    means = [sum(w.first.sum() for w in part) / sum(len(w.first) for w in part) for part in (before, after)]
    assert (means[1] - means[0]) / (quiet.spread * means[0]) == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("detector", DETECTED, ids=lambda detector: detector.kind)
def test_every_shipped_detector_finds_it_within_two_windows(shifted: Recording, detector) -> None:  # type: ignore[no-untyped-def]
    trial = tried(detector, shifted, WATCH, only="watching")
    assert trial is not None
    assert shifted.onset is not None
    delay = trial.delay("watching", shifted.onset)
    assert delay is not None
    assert delay <= 2 * WATCH.window
    assert not [end for end in trial.fired["watching"] if end <= shifted.onset]


@pytest.mark.parametrize("detector", DETECTED, ids=lambda detector: detector.kind)
def test_a_quiet_stream_raises_no_more_than_the_promised_alarms(quiet: Recording, detector) -> None:  # type: ignore[no-untyped-def]
    trial = tried(detector, quiet, WATCH)
    assert trial is not None
    assert trial.alarms(WATCH.window) <= 1
    assert trial.records > 10_000


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.shift)
def test_every_plan_is_a_shift_of_its_sort_at_every_size(plan) -> None:  # type: ignore[no-untyped-def]
    for size in (0.01, 0.25, 1.0, 2.0):
        (shift,) = scenario(1, [plan.planted(size, SPREAD)]).shifts
        assert shift.kind == plan.shift
        assert shift.features == (plan.feature,)


def test_every_shipped_shift_has_a_plan() -> None:
    assert {plan.shift for plan in PLANS} == set(SHIFTS.classes())
    with pytest.raises(UnknownNameError, match=r"'sudde'.*Did you mean 'sudden'"):
        plan_named("sudde")


def outcome(detector: str, delays: tuple[int | None, ...] | None) -> Outcome:
    return Outcome(detector, plan_named("sudden"), 1.0, delays, Quiet(1, 2.0, 0.5, 1000))


def test_an_outcome_tells_delay_misses_alarms_and_cost() -> None:
    told = outcome("psi", (WATCH.window, None, 3 * WATCH.window)).as_json()
    assert (told["detected"], told["missed"], told["seeds"]) == (2, 1, 3)
    assert (told["delay_windows"], told["worst_delay_windows"]) == (2.0, 3.0)
    assert (told["false_alarms_per_day"], told["cpu_ns_per_event"]) == (0.5, 500_000)
    assert json.loads(json.dumps(told)) == told


def test_the_page_is_renewed_between_its_marks() -> None:
    page = f"# Drift\n{BEGIN}\nold\n{END}\nrest\n"
    tables = markdown([outcome("psi", (WATCH.window,)), outcome("ks", (None,)), outcome("w1", None)])
    renewed = inserted(page, tables)
    assert renewed.startswith("# Drift\n")
    assert renewed.endswith(f"{END}\nrest\n")
    assert "old" not in renewed
    for row in ("| `psi` | 1 |", "| `ks` | ✗ |", "| `w1` | – |"):
        assert row in renewed
    assert inserted(renewed, tables) == renewed
    with pytest.raises(ValueError, match="the page has no lines"):
        inserted("# Drift\n", tables)


def test_the_command_prints_one_object_for_each_detector_shift_and_size() -> None:
    app = typer.Typer()
    app.add_typer(drift, name="drift")
    given = ["--detectors", "page_hinkley", "--shifts", "sudden", "--sizes", "1", "--seeds", "1", "--json"]
    result = CliRunner().invoke(app, ["drift", "bench", *given], catch_exceptions=False)
    (line,) = result.stdout.splitlines()
    told = json.loads(line)
    assert (told["detector"], told["shift"], told["size"]) == ("page_hinkley", "sudden", 1.0)
    assert told["detected"] == told["seeds"] == 1
    assert told["delay_windows"] <= 2
    assert told["false_alarms_per_day"] <= 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--detectors", "ksi"], "unknown detector 'ksi'"),
        (["--shifts", "suden"], "Did you mean 'sudden'"),
        (["--sizes", "3"], "'3' must be a number above 0 and at most 2"),
        (["--sizes", "much"], "'much' must be a number"),
        (["--write", "no/such/page.md"], "no/such/page.md"),
    ],
)
def test_bad_flags_are_told_before_the_work_begins(given: list[str], told: str, tmp_path: Path) -> None:
    app = typer.Typer()
    app.add_typer(drift, name="drift")
    with pytest.raises(UsageError, match=told):
        CliRunner().invoke(app, ["drift", "bench", *given], catch_exceptions=False)


def test_the_list_names_every_plugin() -> None:
    app = typer.Typer()
    app.add_typer(drift, name="drift")
    told = json.loads(CliRunner().invoke(app, ["drift", "list", "--json"]).stdout)
    assert set(told["detectors"]) == set(DETECTORS.classes())
    assert set(told["shifts"]) == set(SHIFTS.classes())
    assert "delta" in told["detectors"]["adwin"]["parameters"]
