import pytest

from streams.watch.drift.detector import Verdict
from streams.watch.drift.reading import Reading
from streams.watch.shifts import PlantedShift, false_alarms, judged

SHIFT = PlantedShift(shift="evening", dial="watch_scale", factor=0.6, occurred_at=5000, features=("watched",))


def reading(feature: str, end: int, *, fired: bool) -> Reading:
    verdict = Verdict(statistic=9.0 if fired else 1.0, threshold=5.0, p=0.01, detected=fired)
    quiet = Verdict(statistic=0.0, threshold=5.0, p=None, detected=False)
    return Reading(feature, end - 1000, end, 100, 400, {"psi": 0.0}, {"adwin": quiet, "chi_square": verdict})


def test_the_first_reading_after_the_onset_counts() -> None:
    rows = [reading("watched", end, fired=end >= 7000) for end in range(1000, 10_000, 1000)]
    (result,) = judged([SHIFT], rows)
    assert result.as_json() == {
        "shift": "evening",
        "kind": "",
        "dial": "watch_scale",
        "factor": 0.6,
        "size": None,
        "onset_ms": 5000,
        "end_ms": None,
        "levels": [],
        "features": ["watched"],
        "detected_after_s": 2.0,
        "feature": "watched",
        "measure": "chi_square",
        "by_detector": {"chi_square": 2.0},
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


def test_the_records_of_a_shift_are_one_course_whatever_their_order() -> None:
    told = [
        PlantedShift.of(
            b'{"shift": "tide", "dial": "talk", "occurred_at": %d, "level": %.1f, "end_ms": 900}'
            % (at, level)
        )
        for at, level in ((100, 0.5), (200, 1.0), (300, 0.0))
    ]
    first, second, third = (each for each in told if each is not None)
    for course in (first.then(second).then(third), third.then(first).then(second)):
        assert (course.occurred_at, course.end_ms) == (100, 900)
        assert course.levels == ((100, 0.5), (200, 1.0), (300, 0.0))
