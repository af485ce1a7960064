"""Logged slates in columns: requests as the recommender saw them, what it showed, and what that earned."""

from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.evaluation.judging import LoggedSlates
from sim.recommenders.recommender import SlateRequests
from sim.scenario import Scenario
from streams.evaluate.log import Log
from streams.exits import UsageError

__all__ = ["Reward", "logged_slates"]

Reward = Literal["picks", "watch_seconds"]


def logged_slates(log: Log, scenario: Scenario, reward: Reward) -> LoggedSlates:
    """All slates of a log that are whole, in order of time.

    What a viewer had opened last is read from the log: for viewers who were here before it begins, less than the
    recommender knew.
    """
    size, regions = scenario.audience.slate, list(scenario.audience.regions)
    slates = _wide(log, size)
    unknown = sorted(set(slates["region"].unique().drop_nulls()) - set(regions))
    if unknown or slates["region"].null_count():
        found = ", ".join(unknown) or "none"
        raise UsageError(
            f"regions of the log ({found}) are not those of {scenario.name}; was it another scenario?"
        )
    viewer, at = slates["user_id"].to_numpy(), slates["at"].to_numpy()
    codes = slates["region"].replace_strict(regions, range(len(regions)), return_dtype=pl.UInt8).to_numpy()
    recent = _recent(log.opened, viewer, at, scenario.audience.memory)
    requests = SlateRequests(
        viewer,
        codes,
        at,
        np.zeros(len(viewer), dtype=np.uint64),
        size,
        np.where(slates["followed"].to_numpy()[:, None], recent, -1),
    )
    earned = _earned(log.picked, slates["slate_id"], size, reward)
    items = np.stack(slates["item_id"].to_list()).astype(np.int32)
    return LoggedSlates(requests, items, np.stack(slates["propensity"].to_list()), earned)


def _wide(log: Log, size: int) -> pl.DataFrame:
    whole = (
        log.shown.sort("slate_id", "rank")
        .group_by("slate_id", maintain_order=True)
        .agg(pl.col("user_id", "at").first(), pl.col("item_id", "propensity"))
        .filter(pl.col("item_id").list.len() == size)
    )
    if whole.is_empty():
        raise UsageError(f"no slate of {size} items in the log; was it another scenario?")
    housed = whole.join(log.homes, on="user_id", how="left").sort("at", "slate_id")
    agreed = housed.join_asof(log.consents, on="at", by="user_id", check_sortedness=False)
    # Who agrees to what is necessary only is not followed from slate to slate.
    return agreed.with_columns(followed=pl.col("consent").ne_missing("necessary"))


def _earned(picked: pl.DataFrame, slate: pl.Series, size: int, reward: Reward) -> NDArray[np.float64]:
    worth = pl.lit(1.0) if reward == "picks" else pl.col("watched_ms") / 1000
    rows = pl.DataFrame({"slate_id": slate, "row": np.arange(len(slate))})
    placed = picked.with_columns(worth=worth).join(rows, on="slate_id", how="inner")
    earned = np.zeros((len(slate), size))
    earned[placed["row"].to_numpy(), placed["rank"].to_numpy() - 1] = placed["worth"].to_numpy()
    return earned


def _recent(
    opened: pl.DataFrame, viewer: NDArray[np.int64], at: NDArray[np.int64], remembered: int
) -> NDArray[np.int32]:
    who, when, item = (opened[name].to_numpy() for name in ("user_id", "at", "item_id"))
    order = np.lexsort((when, who))
    who, item = who[order], item[order]
    line: NDArray[Any] = _line(who, when[order], at)
    before = np.searchsorted(line, _line(viewer, at, at))
    back = before[:, None] - 1 - np.arange(remembered)
    place = np.maximum(back, 0)
    if not len(who):
        return np.full(back.shape, -1, dtype=np.int32)
    own = (back >= 0) & (who[place] == viewer[:, None])
    return np.where(own, item[place], -1).astype(np.int32)


def _line(viewer: NDArray[np.int64], at: NDArray[np.int64], span: NDArray[np.int64]) -> NDArray[np.int64]:
    # Viewers one after the other on one line of time, each with room for two years around the log's beginning.
    first = span.min() - 2**34
    line: NDArray[np.int64] = viewer * np.int64(2**36) + np.clip(at - first, 0, 2**36 - 1)
    return line
