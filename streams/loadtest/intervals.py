"""Shares with their intervals."""

from scipy import stats

__all__ = ["share"]


def share(successes: int, trials: int) -> dict[str, float | None]:
    """A share with its 95 % interval by Wilson (1927), which stays honest at 0 and at 1; None without trials.

    >>> share(0, 40)
    {'value': 0.0, 'low': 0.0, 'high': 0.087622}
    """
    if not trials:
        return {"value": None, "low": None, "high": None}
    interval = stats.binomtest(successes, trials).proportion_ci(method="wilson")
    return {
        "value": round(successes / trials, 6),
        "low": round(float(interval.low), 6),
        "high": round(float(interval.high), 6),
    }
