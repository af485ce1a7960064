"""When requests are meant: the profile's rate at every moment, the same for the same seed."""

import numpy as np
import pytest
from scipy import stats

from streams.exits import UsageError
from streams.loadtest.arrivals import Arrivals, LoadProfile, Spacing


def times(
    profile: LoadProfile, spacing: Spacing = "constant", seed: int = 1
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return Arrivals(profile, spacing, seed=seed).take(10**6)


@pytest.mark.parametrize("spacing", ["constant", "poisson"])
def test_each_stage_has_its_rate(spacing: Spacing) -> None:
    profile = LoadProfile.parse(ramp="0:400:20s,100:10s", rate=900, seconds=40)
    counts = np.histogram(times(profile, spacing), bins=[0, 10, 20, 30, 40])[0]
    expected = np.array([1000, 3000, 1000, 9000])
    assert (abs(counts - expected) <= (1 if spacing == "constant" else 5 * np.sqrt(expected))).all()


def test_constant_spacing_is_even() -> None:
    assert np.allclose(np.diff(times(LoadProfile.parse(rate=50, seconds=3))), 0.02)


def test_poisson_gaps_are_exponential() -> None:
    gaps = np.diff(times(LoadProfile.parse(rate=100, seconds=60), "poisson"))
    assert stats.kstest(gaps, stats.expon(scale=0.01).cdf).pvalue > 1e-4


@pytest.mark.parametrize("spacing", ["constant", "poisson"])
def test_the_pieces_in_which_times_are_taken_change_nothing(spacing: Spacing) -> None:
    profile = LoadProfile.parse(ramp="10:50:4s")
    arrivals = Arrivals(profile, spacing, seed=3)
    pieces = [arrivals.take(n) for n in (1, 7, 0, 40, 500, 5)]
    assert np.allclose(np.concatenate(pieces), times(profile, spacing, 3))
    assert len(pieces[-1]) == 0


def test_a_shorter_span_cuts_the_ramp_and_a_longer_one_holds_its_last_rate() -> None:
    assert LoadProfile.parse(ramp="0:100:10s", seconds=5).stages[-1].last == 50
    held = LoadProfile.parse(ramp="0:100:10s", seconds=15)
    assert (held.stages[-1].last, held.seconds) == (100, 15)


def test_a_stair_climbs_as_its_ramp_does() -> None:
    profile = LoadProfile.parse(ramp="100:200:10s,200:5s")
    stair = profile.stepped(5)
    assert [stage.first for stage in stair.stages] == [100, 125, 150, 175, 200, 200]
    assert (stair.seconds, stair.requests) == (profile.seconds, pytest.approx(profile.requests))


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ({}, "give --rate, --ramp or both"),
        ({"rate": 0.0}, "--rate 0 must be above 0"),
        ({"rate": float("nan")}, "must be above 0"),
        ({"ramp": "100-200"}, "'100-200' is not a duration"),
        ({"ramp": "100:fast:10s"}, "could not convert"),
        ({"ramp": "1:2:3:10s"}, "no stage with rates and a time above 0"),
        ({"ramp": "0:0:10s"}, "no stage"),
        ({"ramp": "-5:10s"}, "no stage"),
        ({"ramp": "10:0s"}, "no stage"),
        ({"rate": 5.0, "seconds": 0.0}, "--for 0s"),
    ],
)
def test_wrong_flags_are_told(flags: dict[str, float | str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        LoadProfile.parse(**flags)  # type: ignore[arg-type]
