"""Spans of time as people write them."""

import pytest

from sim.durations import DAY, HOUR, MINUTE, parse_duration


@pytest.mark.parametrize(
    ("text", "span"),
    [
        *[
            ("90s", 90_000),
            ("15m", 15 * MINUTE),
            ("1h30m", 90 * MINUTE),
            ("7d", 7 * DAY),
            ("1.5h", 90 * MINUTE),
        ],
        *[("250ms", 250), ("1h 30m", 90 * MINUTE), (5, 5), ("0s", 0), ("2d12h", 60 * HOUR)],
    ],
)
def test_spans(text: object, span: int) -> None:
    assert parse_duration(text) == span


@pytest.mark.parametrize(
    "text", ["", "90", "h", "-5m", "5 minutes", "1h30", "1y", None, True, 2.5, "5mm", "1h;2m"]
)
def test_what_is_no_span(text: object) -> None:
    with pytest.raises(ValueError, match="is not a duration; write a number and a unit"):
        parse_duration(text)
