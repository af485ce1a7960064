"""How much of what is played is watched: ratios, skips, and time for each item shown."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from sim.calibration.chronicle import Chronicle
from sim.calibration.statistic import Statistic, quantiles, share
from sim.durations import SECOND

__all__ = ["SecondsPerImpression", "SkipRateByDevice", "SkipShare", "WatchRatio", "WatchRatioOver"]

_ENDINGS = frozenset({"skip", "abandon", "complete"})


class WatchRatio(Statistic):
    """Time watched over the item's length: quantiles, mean and standard deviation of those up to ``most``."""

    kind: Literal["watch_ratio"] = "watch_ratio"
    at: tuple[float, ...] = (0.25, 0.5, 0.75)
    """Quantiles, from 0 to 1."""
    most: float = Field(default=5, gt=0)
    """Plays above this ratio are left out, as the source does."""

    @property
    def kinds(self) -> frozenset[str]:
        """The ends of plays."""
        return _ENDINGS

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """Ratios by quantile, ``mean`` and ``sd``."""
        ratio = chronicle.ended["watched_ms"] / np.maximum(chronicle.ended["duration_ms"], 1)
        ratio = ratio[ratio <= self.most]
        mean, sd = (float(ratio.mean()), float(ratio.std())) if len(ratio) else (float("nan"),) * 2
        return {**quantiles(ratio, self.at), "mean": mean, "sd": sd}


class WatchRatioOver(Statistic):
    """Share of plays that are watched more than a number of times their length."""

    kind: Literal["watch_ratio_over"] = "watch_ratio_over"
    ratio: float = Field(default=5, gt=0)
    """The number of times."""

    @property
    def kinds(self) -> frozenset[str]:
        """The ends of plays."""
        return _ENDINGS

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """The share; small, so that its relative distance counts."""
        ended = chronicle.ended
        return {"": share(ended["watched_ms"] > self.ratio * ended["duration_ms"])}


class SkipShare(Statistic):
    """Share of plays that end within some seconds, and before the item does."""

    kind: Literal["skip_share"] = "skip_share"
    share: ClassVar[bool] = True
    within: tuple[float, ...] = (5, 30)
    """Seconds."""

    @property
    def kinds(self) -> frozenset[str]:
        """The ends of plays."""
        return _ENDINGS

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """Shares labelled ``5s`` and so on, and ``end``."""
        ended = chronicle.ended
        early = ended["watched_ms"] < ended["duration_ms"]
        found = {f"{s:g}s": share(early & (ended["watched_ms"] < s * SECOND)) for s in self.within}
        return {**found, "end": share(early)}


class SkipRateByDevice(Statistic):
    """Share of plays that end before the item does, by the device of the session."""

    kind: Literal["skip_rate_by_device"] = "skip_rate_by_device"
    share: ClassVar[bool] = True

    @property
    def kinds(self) -> frozenset[str]:
        """The ends of plays, and the sessions that know the device."""
        return _ENDINGS | {"session_start"}

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """A share for each device that played anything."""
        ended, sessions = chronicle.ended, chronicle.of("session_start")
        device = _device_of(ended["user_id"], ended["session_id"], sessions)
        early = ended["watched_ms"] < ended["duration_ms"]
        return {
            name: float(early[device == code].mean())
            for code, name in enumerate(chronicle.devices)
            if (device == code).any()
        }


def _device_of(user: np.ndarray, session: np.ndarray, sessions: Mapping[str, np.ndarray]) -> np.ndarray:
    width = int(max(session.max(initial=0), sessions["session_id"].max(initial=0))) + 1
    if not len(sessions["user_id"]):
        return np.full(len(user), -1)
    known = sessions["user_id"].astype(np.int64) * width + sessions["session_id"]
    order = np.argsort(known)
    wanted = user.astype(np.int64) * width + session
    place = np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)
    found: np.ndarray = np.where(known[order][place] == wanted, sessions["device"][order][place], -1)
    return found


class SecondsPerImpression(Statistic):
    """Mean time played for each item that was shown, in seconds."""

    kind: Literal["seconds_per_impression"] = "seconds_per_impression"

    @property
    def kinds(self) -> frozenset[str]:
        """The ends of plays."""
        return _ENDINGS

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """Seconds."""
        shown = chronicle.counts.get("impression", 0)
        return {"": float(chronicle.ended["watched_ms"].sum() / SECOND / shown) if shown else float("nan")}
