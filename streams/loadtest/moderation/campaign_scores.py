"""Scores by campaign: how long its accounts go on before the service objects, and who else it takes for one."""

import re
from typing import Any

import numpy as np
import polars as pl
from scipy import stats

from sim.adversaries.coordination import Shares, coordinated
from sim.durations import SECOND
from streams.loadtest.intervals import share
from streams.loadtest.moderation.staging import LOOK_ALIKES

__all__ = ["campaign_scores", "co_sharing_scores", "detection_curve"]

WINDOWS = (10, 60, 600)
_LINK = re.compile(r"https?://\S+")


def campaign_scores(posted: pl.DataFrame) -> dict[str, Any]:
    """For each kind of campaign: accounts found, posts seen before that, and time to detection.

    An account is found with its first post that violates and is flagged. Time runs from its first violating post, in
    simulated seconds; of accounts that are not found it is censored at the last post of all (Kaplan and Meier 1958).
    Of look-alikes, ``account_fpr`` is the part of accounts with a post that was flagged.
    """
    end = int(posted.select(pl.col("at").max()).item() or 0)
    told: dict[str, Any] = {}
    for (kind,), rows in sorted(posted.group_by("campaign"), key=lambda group: str(group[0])):
        told[str(kind)] = _look_alike(rows) if kind in LOOK_ALIKES else _campaign(rows, end)
    return told


def _look_alike(rows: pl.DataFrame) -> dict[str, Any]:
    accounts = rows.group_by("account").agg(pl.col("flagged").any())
    return {
        "organic": True,
        "posts": len(rows),
        "accounts": len(accounts),
        "account_fpr": share(int(accounts["flagged"].sum()), len(accounts)),
    }


def _campaign(rows: pl.DataFrame, end: int) -> dict[str, Any]:
    accounts = _accounts(rows)
    found = accounts.filter(pl.col("found_at").is_not_null())
    return {
        "organic": False,
        "posts": len(rows),
        "accounts": len(accounts),
        "account_recall": share(len(found), len(accounts)),
        "exposures_before_action": _mean(accounts["exposures"]),
        "time_to_detect_s": _times(accounts, end),
    }


def _accounts(rows: pl.DataFrame) -> pl.DataFrame:
    """Accounts with a violating post: when it came, when the first one was flagged, and how many were seen before."""
    bad = rows.filter(pl.col("violating")).sort("at")
    first = bad.group_by("account").agg(pl.col("at").first().alias("began_at"))
    hit = bad.filter(pl.col("flagged")).group_by("account").agg(pl.col("at").first().alias("found_at"))
    joined = bad.join(first, on="account").join(hit, on="account", how="left")
    seen = pl.col("found_at").is_null() | (pl.col("at") < pl.col("found_at"))
    return joined.group_by("account").agg(
        pl.col("began_at").first(), pl.col("found_at").first(), exposures=seen.sum()
    )


def _mean(column: pl.Series) -> float | None:
    return round(float(column.to_numpy().mean()), 3) if len(column) else None


def _times(accounts: pl.DataFrame, end: int) -> dict[str, Any]:
    curve = detection_curve(accounts, end)
    below = [at for at, left in zip(*curve, strict=True) if left <= 0.5]
    return {"median": below[0] if below else None, "at": curve[0], "undetected": curve[1]}


def detection_curve(accounts: pl.DataFrame, end: int) -> tuple[list[float], list[float]]:
    """Kaplan-Meier: simulated seconds since the first violating post, and the part of accounts not yet found."""
    if not len(accounts):
        return [], []
    began = accounts["began_at"].to_numpy()
    found = accounts["found_at"].fill_null(-1).to_numpy()
    hit = found >= 0
    times = stats.CensoredData(
        uncensored=(found[hit] - began[hit]) / SECOND, right=(end - began[~hit]) / SECOND
    )
    survival = stats.ecdf(times).sf
    return (
        [0.0, *np.round(survival.quantiles, 1).tolist()],
        [1.0, *np.round(survival.probabilities, 6).tolist()],
    )


def co_sharing_scores(posts: list[tuple[str, int, str, int]]) -> dict[str, dict[str, float]]:
    """What a pairwise co-share rule finds of the same posts (kind, account, text, at), by window in seconds.

    The part of each kind's accounts that co-shared two links within the window; for comparison, since such a rule reads
    no text. Kinds without links share nothing and are left out.
    """
    linked = [(kind, account, link, at) for kind, account, text, at in posts for link in _LINK.findall(text)]
    links = {link: number for number, link in enumerate(dict.fromkeys(row[2] for row in linked))}
    told: dict[str, dict[str, float]] = {}
    for kind in sorted({row[0] for row in linked}):
        rows = np.array([(a, links[link], at) for k, a, link, at in linked if k == kind], dtype=np.int64)
        found = {str(window): len(coordinated(Shares(*rows.T), window=window * SECOND)) for window in WINDOWS}
        accounts = len(np.unique(rows[:, 0]))
        told[kind] = {window: round(count / accounts, 6) for window, count in found.items()}
    return told
