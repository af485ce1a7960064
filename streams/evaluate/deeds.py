"""Deeds: what each viewer of a log was shown, picked and watched, under each of the policies that served."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.evaluation.comparison import Tally
from streams.evaluate.log import Log

__all__ = ["METRICS", "Deeds"]

METRICS = {
    "picks_per_slate": ("picks", "slates"),
    "ctr": ("picks", "impressions"),
    "watch_seconds_per_slate": ("watch_seconds", "slates"),
    "watch_seconds_per_viewer": ("watch_seconds", "viewers"),
    "sessions_per_viewer": ("sessions", "viewers"),
}
"""What is compared: counted by viewer, over occasions."""


class Deeds:
    """A row for each viewer and policy that met: impressions, slates, picks, seconds watched and sessions.

    ``policies`` are in the order of their names. Sessions are those in which there was a slate.
    """

    def __init__(self, log: Log) -> None:
        shown = log.shown
        met = ["user_id", "policy"]
        picked = log.picked.join(shown.select("slate_id", "rank", *met), on=["slate_id", "rank"])
        counted = shown.group_by(met, maintain_order=True).agg(
            impressions=pl.len(),
            slates=pl.col("slate_id").n_unique(),
            sessions=pl.col("session_id").n_unique(),
        )
        earned = picked.group_by(met).agg(picks=pl.len(), watch_seconds=pl.col("watched_ms").sum() / 1000)
        self.rows = counted.join(earned, on=met, how="left").with_columns(
            pl.col("picks", "watch_seconds").fill_null(0), viewers=pl.lit(1)
        )
        self.policies: tuple[str, ...] = tuple(sorted(shown["policy"].unique()))
        self.slates, self.viewers = shown["slate_id"].n_unique(), shown["user_id"].n_unique()
        by_slate = shown.group_by("slate_id").agg(pl.col("policy").n_unique())
        self.shares_slates = bool((by_slate["policy"] > 1).any())
        self.shares_viewers = self.rows.height > self.viewers

    def tally(self, policy: str, metric: str) -> Tally:
        """A metric of one policy, viewer by viewer."""
        counted, occasions = METRICS[metric]
        rows = self.rows.filter(pl.col("policy") == policy)
        return Tally(rows[counted].to_numpy(), rows[occasions].to_numpy())

    def picks(self, policies: Sequence[str]) -> list[NDArray[np.int64]]:
        """Picks from each of the policies, by viewer, of those who picked anything."""
        wide = self.rows.pivot("policy", index="user_id", values="picks").fill_null(0)
        some = wide.filter(pl.sum_horizontal(policies) > 0)
        return [some[policy].to_numpy() for policy in policies]
