"""The lookout: asks the cluster now and then whether it is there, as an idle consumer would not notice."""

import asyncio
import logging
import time

from streams.cluster.availability import live_brokers, unavailable
from streams.exits import BrokerUnavailableError
from streams.settings import ClusterSettings

__all__ = ["Lookout"]

_EVERY_S = 2.0
_REQUEST_TIMEOUT_S = 3.0

log = logging.getLogger(__name__)


class Lookout:
    """Watches for the cluster's silence over connections of its own."""

    def __init__(self, cluster: ClusterSettings, *, patience_s: float) -> None:
        """``patience_s`` is the longest silence."""
        self._cluster, self._patience_s = cluster, patience_s

    async def watch(self) -> None:
        """Ask until cancelled; BrokerUnavailableError once the cluster has been silent for too long."""
        heard = time.monotonic()
        while True:
            answers = await asyncio.to_thread(_answers, self._cluster)
            silence = time.monotonic() - heard
            if answers:
                heard = time.monotonic()
            elif silence > self._patience_s:
                raise unavailable(self._cluster, silence, "it did before")
            else:
                log.warning("no Kafka broker answers at %s for %.0f s", self._cluster.bootstrap, silence)
            await asyncio.sleep(_EVERY_S)


def _answers(cluster: ClusterSettings) -> bool:
    try:
        return bool(live_brokers(cluster, timeout_s=_REQUEST_TIMEOUT_S))
    except BrokerUnavailableError:
        return False
