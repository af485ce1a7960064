"""The enricher as a process: starts its parts, outlives a broker that comes back, and ends cleanly when told to."""

import asyncio
import logging
import os
import signal
import sys
import time

import orjson
from kafka.errors import KafkaError

from streams.cluster.administration import Administration, wait_for_broker
from streams.endpoint import Endpoint
from streams.enrich.darkroom import Darkroom
from streams.enrich.session import BrokenOffError, Session
from streams.enrich.settings import EnricherSettings
from streams.exits import BrokerUnavailableError, UsageError
from streams.store import AssetStore
from streams.topics import qualified

__all__ = ["serve"]

_ASK_EVERY_S = 0.2

log = logging.getLogger(__name__)


async def serve(settings: EnricherSettings) -> None:
    """Enrich until SIGINT or SIGTERM; GreenroomError for what cannot be waited out."""
    stop = _stop_on_signals()
    async with Darkroom(settings.store, workers=settings.workers, time_limit_s=settings.render_timeout_s) as darkroom:
        service = Service(settings, darkroom)
        with Endpoint(host=settings.endpoint_host, port=settings.endpoint_port, ready=service.ready) as endpoint:
            _announce(settings, endpoint)
            await asyncio.to_thread(AssetStore(settings.store).sweep)
            await service.run(stop)


class Service:
    """Sessions one after the other, until told to stop or the cluster is gone for too long."""

    def __init__(self, settings: EnricherSettings, darkroom: Darkroom) -> None:
        self.settings, self.darkroom = settings, darkroom
        self.session: Session | None = None

    def ready(self) -> bool:
        """Whether records are being taken."""
        return self.session is not None and self.session.joined

    async def run(self, stop: asyncio.Event) -> None:
        """Hold sessions until ``stop`` is set."""
        failing_since: float | None = None
        while not stop.is_set():
            partitions = await self._topics(stop)
            if stop.is_set():
                return
            self.session = Session(self.settings, self.darkroom, partitions)
            started = time.monotonic()
            try:
                await self.session.run(stop)
            except BrokenOffError as error:
                if not self._worked_since(started) or failing_since is None:
                    ...
                log.warning("lost the cluster, joining again: %s", error)
