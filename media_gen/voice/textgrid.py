"""Praat TextGrids: words and phones as interval tiers, in Praat's long text format."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

__all__ = ["Interval", "textgrid"]

Interval = tuple[float, float, str]
"""Start in seconds, end in seconds, label; empty for silence."""


def textgrid(duration: float, tiers: Mapping[str, Sequence[Interval]]) -> str:
    """The text of a TextGrid whose tiers each cover 0 to ``duration`` without gaps.

    >>> print(textgrid(0.5, {"words": [(0.0, 0.5, "hey")]}).splitlines()[-1].strip())
    text = "hey"
    """
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        "xmin = 0",
        f"xmax = {_number(duration)}",
        "tiers? <exists>",
        f"size = {len(tiers)}",
        "item []:",
    ]
    for number, (name, intervals) in enumerate(tiers.items(), 1):
        lines += _tier(number, name, duration, intervals)
    return "\n".join(lines) + "\n"


def _tier(number: int, name: str, duration: float, intervals: Sequence[Interval]) -> list[str]:
    lines = [
        f"    item [{number}]:",
        '        class = "IntervalTier"',
        f'        name = "{_escaped(name)}"',
        "        xmin = 0",
        f"        xmax = {_number(duration)}",
        f"        intervals: size = {len(intervals)}",
    ]
    for index, (start, end, label) in enumerate(intervals, 1):
        lines += [
            f"        intervals [{index}]:",
            f"            xmin = {_number(start)}",
            f"            xmax = {_number(end)}",
            f'            text = "{_escaped(label)}"',
        ]
    return lines


def _escaped(label: str) -> str:
    return label.replace('"', '""')


def _number(value: float) -> str:
    return f"{Decimal(repr(value)):f}"
