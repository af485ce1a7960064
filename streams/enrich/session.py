"""A session with the cluster: one Faust app and its desk, from joining the group to leaving it."""

import asyncio
import logging
import tempfile
from collections.abc import Mapping
from typing import Any

import faust
from aiokafka.errors import KafkaError
from faust.exceptions import FaustError

from streams.codec.reading import Reader
from streams.enrich.app import FaustOutbox, application, attend
from streams.enrich.darkroom import Darkroom
from streams.enrich.desk import Desk
from streams.enrich.lookout import Lookout
from streams.enrich.settings import EnricherSettings
from streams.registry.registry import Registry

__all__ = ["BrokenOffError", "Session"]

_PLACES_PER_WORKER = 4
_COMMIT_LIMIT_S = 15.0
_LET_GO_S = 3.0
_LOST = (KafkaError, FaustError, OSError, asyncio.TimeoutError)

log = logging.getLogger(__name__)


class BrokenOffError(Exception):
    """The session lost the cluster; another may find it again."""


class Session:
    """One membership in the consumer group."""

    def __init__(self, settings: EnricherSettings, darkroom: Darkroom, partitions: Mapping[str, int]) -> None:
        """``partitions`` says how many partitions each topic has, by its unqualified name."""
        self.settings, self.darkroom, self.partitions = settings, darkroom, partitions
        self.lookout = Lookout(settings.cluster, patience_s=settings.broker_timeout_s)
        self.in_group = self.has_joined = False

    async def run(self, stop: asyncio.Event) -> None:
        """Enrich until ``stop`` is set, then finish what is in work and commit.

        Raises :class:`BrokenOffError` if the cluster was lost, :class:`GreenroomError` if waiting won't help.
        """
        with tempfile.TemporaryDirectory(prefix="greenroom-enrich-") as directory:
            app = self._app(directory)
            desk = self._desk(app)
            patience_s = _LET_GO_S
            try:
                await self._until(stop, app, desk)
                await self._drain(desk)
                patience_s = _COMMIT_LIMIT_S
            except _LOST as error:
                raise BrokenOffError(f"{type(error).__name__}: {error}") from error
            finally:
                self.in_group = False
                desk.abandon()
                await _stop(app, patience_s)

    def _app(self, directory: str) -> faust.App:
        app = application(self.settings.cluster, group=self.settings.group, directory=directory)

        @app.on_partitions_assigned.connect(weak=False)  # type: ignore[untyped-decorator]
        async def joined(app: faust.App, assigned: Any, **_: Any) -> None:
            self.in_group = self.has_joined = True

        return app

    def _desk(self, app: faust.App) -> Desk:
        settings = self.settings
        outbox = FaustOutbox(
            app, run=settings.run, partitions=self.partitions, give_up_after_s=settings.broker_timeout_s
        )
        places = settings.places or _PLACES_PER_WORKER * (self.darkroom.size + 1)
        reader = Reader(Registry(settings.registry).schema if settings.registry else None)
        desk = Desk(self.darkroom, outbox, places=places, reader=reader)
        attend(app, desk, run=settings.run, topics=settings.topics)
        return desk

    async def _until(self, stop: asyncio.Event, app: faust.App, desk: Desk) -> None:
        starting = asyncio.gather(app.start(), self.darkroom.generators())
        ends = [
            asyncio.create_task(stop.wait()),
            asyncio.create_task(app.wait_for_stopped()),
            asyncio.create_task(self.lookout.watch()),
        ]
        try:
            await _first_end(starting, desk.failed, *ends)
        finally:
            for task in (starting, *ends):
                task.cancel()
        if not stop.is_set():
            raise app.crash_reason or BrokenOffError("Faust stopped by itself")

    async def _drain(self, desk: Desk) -> None:
        limit_s = self.settings.render_timeout_s
        if not await desk.drain(limit_s):
            log.warning("work of %g s and more is left undone; its records will be read again", limit_s)
        if desk.failed.done():
            desk.failed.result()


async def _first_end(starting: asyncio.Future[Any], *ends: asyncio.Future[Any]) -> None:
    """Wait for the first of the ends, or for a start that fails."""
    waiting = {starting, *ends}
    while True:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for future in done:
            future.result()
        if done != {starting}:
            return


async def _stop(app: faust.App, patience_s: float) -> None:
    """Stop Faust, which commits what was acknowledged; what it cannot commit any more will be read again."""
    try:
        await asyncio.wait_for(app.stop(), patience_s)
    except _LOST as error:
        log.info("Faust did not stop cleanly: %s: %s", type(error).__name__, error)
