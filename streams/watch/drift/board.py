"""The drift board: all features of a watch, fed with records of their topics."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from sim.features import DriftWatch
from streams.delivery import digests
from streams.watch.drift.feature_monitor import FeatureMonitor
from streams.watch.drift.reading import Reading
from streams.watch.drift.values import field_columns
from streams.watch.feed import Chunk
from streams.watch.heads import Heads

__all__ = ["DriftBoard"]


class DriftBoard:
    """Hands each record to the features that it carries, and closes windows as simulated time goes on."""

    def __init__(self, watch: DriftWatch) -> None:
        self.features = {feature.name: FeatureMonitor(feature, watch) for feature in watch.features}
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
        lines = [chunk.values[row] or b"" for row in rows.tolist()]
        columns, malformed = field_columns(lines, {m.feature.field: m.feature.type for m in monitors})
        self.malformed += malformed
        times, marks = chunk.timestamps[rows], digests(heads.source[rows], heads.number[rows])
        for monitor in monitors:
            present, values = columns[monitor.feature.field]
            kept = present & wanted[monitor.feature.name][rows]
            if kept.any():
                monitor.add(times[kept], values[kept], marks[kept])

    def advance(self, watermarks: dict[str, int]) -> list[Reading]:
        """Readings of the windows that have ended, given the simulated time, ms, of each topic."""
        readings = [
            reading
            for monitor in self.features.values()
            if monitor.feature.topic in watermarks
            for reading in monitor.advance(watermarks[monitor.feature.topic])
        ]
        self.latest |= {reading.feature: reading for reading in readings}
        return sorted(readings, key=lambda reading: (reading.end_ms, reading.feature))
