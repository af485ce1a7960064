"""The drift board: all features of a watch, fed with records of their topics."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.features import DriftWatch
from streams.delivery import digests
from streams.watch.drift.control import rejected
from streams.watch.drift.detector import parsed
from streams.watch.drift.feature_monitor import FeatureMonitor
from streams.watch.drift.reading import Reading
from streams.watch.drift.values import field_columns
from streams.watch.feed import Chunk
from streams.watch.heads import Heads

__all__ = ["DriftBoard", "decide"]


class DriftBoard:
    """Hands each record to the features that it carries, and closes windows as simulated time goes on."""

    def __init__(self, watch: DriftWatch) -> None:
        self._watch, detectors = watch, parsed(watch.detectors)
        self.features = {
            feature.name: FeatureMonitor(feature, watch, detectors=detectors) for feature in watch.features
        }
        self._of_topic: dict[str, list[FeatureMonitor]] = defaultdict(list)
        for monitor in self.features.values():
            self._of_topic[monitor.feature.topic].append(monitor)
        self.malformed = 0
        self.latest: dict[str, Reading] = {}

    @property
    def topics(self) -> set[str]:
        """Topics that carry a watched feature."""
        return set(self._of_topic)

    def take(self, chunk: Chunk, heads: Heads, fresh: NDArray[np.bool_]) -> None:
        """Take the records of a chunk that are fresh; only those of watched kinds are parsed."""
        monitors = self._of_topic.get(chunk.topic, [])
        wanted = {monitor.feature.name: heads.of_kind(monitor.feature.kinds) & fresh for monitor in monitors}
        rows = (
            np.flatnonzero(np.logical_or.reduce(list(wanted.values())))
            if wanted
            else np.zeros(0, dtype=np.intp)
        )
        if not len(rows):
            return
        lines = chunk.lines(rows.tolist())
        columns, malformed = field_columns(
            lines, {name: m.feature.type for m in monitors for name in m.feature.fields}
        )
        self.malformed += malformed
        times, marks = chunk.timestamps[rows], digests(heads.source[rows], heads.number[rows])
        for monitor in monitors:
            kept = wanted[monitor.feature.name][rows]
            if kept.any():
                parts = [columns[name] for name in monitor.feature.fields]
                missing: Any = np.nan if monitor.feature.type == "numeric" else None
                values = [np.where(present, column, missing)[kept] for present, column in parts]
                monitor.add(
                    times[kept], values[0] if len(values) == 1 else np.column_stack(values), marks[kept]
                )

    def advance(self, watermarks: dict[str, int]) -> list[Reading]:
        """Readings of the windows that have ended, given the simulated time, ms, of each topic."""
        due: dict[int, list[FeatureMonitor]] = defaultdict(list)
        for monitor in self.features.values():
            for window in monitor.due(watermarks.get(monitor.feature.topic, 0)):
                due[window].append(monitor)
        readings: list[Reading] = []
        for window, monitors in sorted(due.items()):
            readings += self._judged(window, monitors)
        self.latest |= {reading.feature: reading for reading in readings}
        return readings

    def _judged(self, window: int, monitors: list[FeatureMonitor]) -> list[Reading]:
        """Readings of one window of several features, decided together, by feature."""
        drafts = {monitor.feature.name: draft for monitor in monitors if (draft := monitor.judge(window))}
        decided = decide(list(drafts.values()), self._watch)
        for reading in decided:
            self.features[reading.feature].settle(reading)
        return sorted(decided, key=lambda reading: reading.feature)


def decide(drafts: list[Reading], watch: DriftWatch) -> list[Reading]:
    """Readings of one window with each detector's alarms bounded over all features together."""
    names = dict.fromkeys(name for draft in drafts for name in draft.verdicts)
    for name in names:
        tested = [
            place
            for place, draft in enumerate(drafts)
            if name in draft.verdicts and draft.verdicts[name].p is not None
        ]
        p_values = [drafts[place].verdicts[name].p or 0.0 for place in tested]
        found = rejected(p_values, alpha=watch.alpha, tests=len(watch.features), control=watch.control)
        for place, detected in zip(tested, found, strict=True):
            verdict = replace(drafts[place].verdicts[name], detected=detected)
            drafts[place] = replace(drafts[place], verdicts={**drafts[place].verdicts, name: verdict})
    return drafts
