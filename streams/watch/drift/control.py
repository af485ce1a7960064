"""The control of multiple tests: which of several p-values of one window are called a drift."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

__all__ = ["Control", "rejected"]

Control = Literal["holm", "benjamini_hochberg", "bonferroni"]


def rejected(p_values: Sequence[float], *, alpha: float, tests: int, control: Control) -> list[bool]:
    """Which hypotheses of "no drift" are rejected at a level ``alpha`` for all ``tests`` of a window together.

    P-values that are not at hand yet count as 1, which keeps the level. Holm (1979) bounds the probability of any false
    alarm; Benjamini and Hochberg (1995) the expected share of false ones among the alarms; Bonferroni is Holm's first
    step.

    >>> rejected([0.001, 0.012, 0.9], alpha=0.03, tests=3, control="holm")
    [True, True, False]
    >>> rejected([0.001, 0.012, 0.9], alpha=0.03, tests=3, control="bonferroni")
    [True, False, False]
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    kept = _STEPS[control]([p_values[place] for place in order], alpha, max(tests, len(p_values)))
    found = [False] * len(p_values)
    for place in order[:kept]:
        found[place] = True
    return found


def _bonferroni(ordered: Sequence[float], alpha: float, tests: int) -> int:
    return sum(p <= alpha / tests for p in ordered)


def _holm(ordered: Sequence[float], alpha: float, tests: int) -> int:
    for rank, p in enumerate(ordered):
        if p > alpha / (tests - rank):
            return rank
    return len(ordered)


def _benjamini_hochberg(ordered: Sequence[float], alpha: float, tests: int) -> int:
    return max((rank for rank, p in enumerate(ordered, start=1) if p <= alpha * rank / tests), default=0)


_STEPS: Mapping[str, Callable[[Sequence[float], float, int], int]] = {
    "holm": _holm,
    "benjamini_hochberg": _benjamini_hochberg,
    "bonferroni": _bonferroni,
}
