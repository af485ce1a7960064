"""Thresholds: expressions over the figures of a test, of which a pipeline makes its gate."""

import operator
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from sim.names import near_miss
from streams.exits import UsageError

__all__ = ["Threshold", "flattened"]

_OPERATORS = {
    "<=": operator.le, ">=": operator.ge, "!=": operator.ne, "==": operator.eq, "<": operator.lt, ">": operator.gt
}  # fmt: skip
_FEW = 8
_UNITS = {"": 1.0, "ms": 1.0, "s": 1000.0, "%": 0.01}
_FORM = re.compile(r"\s*([\w.:/+ -]+?)\s*(<=|>=|==|!=|<|>)\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*(ms|s|%)?\s*")


@dataclass(frozen=True)
class Threshold:
    """A figure's name, a comparison and a bound. Times are in milliseconds, whatever unit they were written in.

    >>> limit = Threshold.parse("latency_ms.p99 < 0.2s")
    >>> limit.holds({"latency_ms.p99": 150.0})
    True
    """

    name: str
    comparison: str
    bound: float
    text: str

    @classmethod
    def parse(cls, text: str, *, flag: str = "--fail-if") -> "Threshold":
        """The threshold that a text means."""
        found = _FORM.fullmatch(text)
        if not found:
            known = " ".join(_OPERATORS)
            raise UsageError(
                f"{flag} {text!r} must be a name, one of {known}, and a number (unit ms, s or %), "
                "such as 'latency_ms.p99>200ms'"
            )
        name, comparison, number, unit = found.groups()
        return cls(name, comparison, round(float(number) * _UNITS[unit or ""], 12), text.strip())

    def known(self, patterns: Iterable[str], *, flag: str = "--fail-if") -> "Threshold":
        """This threshold, if its name matches one of the patterns (``*`` stands for any words); else an error."""
        patterns = list(patterns)
        if any(fnmatchcase(self.name, pattern) for pattern in patterns):
            return self
        meant = near_miss(self.name, patterns)
        raise UsageError(
            f"{flag} {self.text!r}: nothing is called {self.name!r}; known: {', '.join(_shortened(patterns))}."
            + (f" Did you mean {meant!r}?" if meant else "")
        )

    def holds(self, figures: Mapping[str, float | None]) -> bool | None:
        """Whether the comparison is true of the figures; None where the figure was not measured."""
        value = figures.get(self.name)
        return None if value is None else bool(_OPERATORS[self.comparison](value, self.bound))

    def failure(self, figures: Mapping[str, float | None]) -> str | None:
        """Why a test with these figures fails by this threshold (a figure that is not there fails too), or None."""
        holds = self.holds(figures)
        if holds is None:
            return f"{self.text}: {self.name} was not measured"
        return f"{self.text}: {self.name} is {figures[self.name]:g}" if holds else None


def _shortened(names: Iterable[str]) -> list[str]:
    """Names in order; where many begin with the same word, that word and one of them."""
    groups: dict[str, list[str]] = {}
    for name in sorted(names):
        groups.setdefault(name.partition(".")[0], []).append(name)
    return [
        name
        for first, group in groups.items()
        for name in (group if len(group) <= _FEW else [f"{first}.… (such as {group[0]})"])
    ]


def flattened(figures: Mapping[str, Any], prefix: str = "") -> dict[str, float | None]:
    """Every number of a JSON object by its dotted path; false and true are 0 and 1, null stays None.

    >>> flattened({"latency_ms": {"p99": 4.5}, "target": "x"})
    {'latency_ms.p99': 4.5}
    """
    flat: dict[str, float | None] = {}
    for name, value in figures.items():
        if isinstance(value, Mapping):
            flat |= flattened(value, f"{prefix}{name}.")
        elif value is None or isinstance(value, (int, float)):
            flat[f"{prefix}{name}"] = None if value is None else float(value)
    return flat
