"""The lookout: asks the cluster now and then whether it is there, while nobody else may notice that it is gone."""

import asyncio
import logging
import time
from contextlib import suppress

from kafka.errors import KafkaError

from streams.cluster.administration import REMEDIES, Administration
from streams.exits import BrokerUnavailableError
from streams.settings import ClusterSettings

__all__ = ["Lookout"]

_EVERY_S = 2.0
_REQUEST_TIMEOUT_S = 5.0

log = logging.getLogger(__name__)


class Lookout:
    """Watches for the cluster's silence over a connection of its own."""

    def __init__(self, cluster: ClusterSettings, *, patience_s: float) -> None:
        """``patience_s`` is the longest silence."""
        self._cluster, self._patience_s = cluster, patience_s
        self._connection: Administration | None = None

    async def watch(self) -> None:
        """Ask until cancelled; BrokerUnavailableError once the cluster has been silent for too long."""
        heard = time.monotonic()
        while True:
            problem = await asyncio.to_thread(self._ask)
            silence = time.monotonic() - heard
            if problem is None:
                heard = time.monotonic()
            elif silence > self._patience_s:
                raise BrokerUnavailableError(
                    f"no Kafka broker at {self._cluster.bootstrap} has answered for {silence:.0f} s ({problem}).\n{REMEDIES}"
                )
            else:
                log.warning("no Kafka broker answers at %s for %.0f s", self._cluster.bootstrap, silence)
            await asyncio.sleep(_EVERY_S)

    def _ask(self) -> Exception | None:
        try:
            if self._connection is None:
                self._connection = Administration(self._cluster, timeout_s=_REQUEST_TIMEOUT_S)
            self._connection.brokers()
        except (BrokerUnavailableError, KafkaError, OSError) as error:
            self.close()
            return error
        return None

    def close(self) -> None:
        """Drop the connection."""
        if self._connection is not None:
            with suppress(KafkaError, OSError):
                self._connection.__exit__(None, None, None)
            self._connection = None
