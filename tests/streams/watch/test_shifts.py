import pytest

from streams.watch.drift.change import Judgement
from streams.watch.drift.reading import Reading
from streams.watch.shifts import PlantedShift, false_alarms, judged

SHIFT = PlantedShift(shift="evening", dial="watch_scale", factor=0.6, occurred_at=5000, features=("watched",))


def reading(feature: str, end: int, *, fired: bool) -> Reading:
    judgement = Judgement(statistic=9.0 if fired else 1.0, critical=5.0, effect=0.1, tolerance=0.05)
    return Reading(feature, "chi_square", end - 1000, end, 100, 400, {"psi": 0.0}, judgement, None)


def test_the_first_reading_after_the_onset_counts() -> None:
    rows = [reading("watched", end, fired=end >= 7000) for end in range(1000, 10_000, 1000)]
    (result,) = judged([SHIFT], rows)
    assert result.as_json() == {
        "shift": "evening",
        "dial": "watch_scale",
        "factor": 0.6,
        "onset_ms": 5000,
        "features": ["watched"],
        "detected_after_s": 2.0,
        "feature": "watched",
        "measure": "chi_square",
    }
    assert false_alarms([SHIFT], rows) == 0


def test_another_feature_does_not_find_it() -> None:
    rows = [reading("rank", 8000, fired=True), reading("rank", 9000, fired=True)]
    (result,) = judged([SHIFT], rows)
    assert result.as_json()["detected_after_s"] is None
    assert false_alarms([SHIFT], rows) == 1


def test_alarms_in_a_row_are_one_and_alarms_before_the_onset_are_false() -> None:
    fired = {2000, 3000, 4500, 7000}
    rows = [reading("watched", end, fired=end in fired) for end in (1000, 2000, 3000, 4000, 4500, 5000, 7000)]
    assert false_alarms([SHIFT], rows) == 2
    assert false_alarms([], rows) == 3
    assert judged([SHIFT], rows)[0].found == rows[-1]


@pytest.mark.parametrize("value", [None, b"", b"?", b"[]", b'{"shift": "x"}'])
def test_what_is_no_shift_is_none(value: bytes | None) -> None:
    assert PlantedShift.of(value) is None
