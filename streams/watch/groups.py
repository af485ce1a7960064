"""The lag of the run's consumer groups, as the cluster knows it."""

import time
from collections import Counter

from kafka.errors import KafkaError

from streams.cluster.administration import Administration
from streams.exits import BrokerUnavailableError
from streams.metrics import CONSUMER_LAG
from streams.settings import ClusterSettings

__all__ = ["GroupLag"]

_EVERY_S = 5.0
_PATIENCE_S = 2.0


class GroupLag:
    """Looks now and then how far each group of a run is behind, and sets the metric by group and topic."""

    def __init__(self, settings: ClusterSettings, run: str) -> None:
        self._settings, self._run = settings, run
        self._looked = 0.0
        self.behind: dict[str, dict[str, int]] = {}
        """Records that each group is behind, by topic, as last seen."""

    def look(self) -> None:
        """Look, unless that was done a moment ago; a cluster that does not answer is somebody else's news."""
        if time.monotonic() - self._looked < _EVERY_S:
            return
        self._looked = time.monotonic()
        try:
            self._set()
        except (KafkaError, BrokerUnavailableError):
            return

    def _set(self) -> None:
        with Administration(self._settings, timeout_s=_PATIENCE_S) as administration:
            behind: Counter[tuple[str, str]] = Counter()
            for lag in administration.lag(administration.groups_of(f"{self._run}-")):
                behind[lag.group, lag.topic] += lag.records
        found: dict[str, dict[str, int]] = {}
        for (group, topic), records in behind.items():
            name = topic.removeprefix(f"{self._run}.")
            found.setdefault(group, {})[name] = records
            CONSUMER_LAG.labels(group, name).set(records)
        self.behind = found
