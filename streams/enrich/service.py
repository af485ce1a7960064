"""The enricher as a process: starts its parts, outlives lost brokers, ends cleanly when told."""

import asyncio
import logging
import os
import signal
import sys
import threading
import time

import orjson

from streams.cluster.administration import Administration
from streams.cluster.availability import wait_for_broker
from streams.endpoint import Endpoint
from streams.enrich.darkroom import Darkroom
from streams.enrich.session import BrokenOffError, Session
from streams.enrich.settings import EnricherSettings
from streams.exits import BrokerUnavailableError, UsageError
from streams.store import AssetStore
from streams.topics import qualified

__all__ = ["run"]

_PAUSE_S = 0.2
_TIDY_S = 2.0

log = logging.getLogger(__name__)


def run(settings: EnricherSettings) -> None:
    """Enrich until SIGINT or SIGTERM; GreenroomError for what cannot be waited out."""
    threading.excepthook = _note
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)  # Faust asks for it
    try:
        loop.run_until_complete(_serve(settings))
    finally:
        loop.run_until_complete(_tidy())
        loop.close()


async def _serve(settings: EnricherSettings) -> None:
    stop = _stop_on_signals()
    async with Darkroom(
        settings.store, workers=settings.workers, time_limit_s=settings.render_timeout_s
    ) as darkroom:
        service = Service(settings, darkroom)
        with Endpoint(
            host=settings.endpoint_host, port=settings.endpoint_port, ready=service.ready
        ) as endpoint:
            _announce(settings, endpoint)
            await asyncio.to_thread(AssetStore(settings.store).sweep)
            await service.run(stop)


async def _tidy() -> None:
    """Cancel what is left; a Faust that lost its broker leaves tasks without an end."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    if left:
        await asyncio.wait(left, timeout=_TIDY_S)


def _note(failure: threading.ExceptHookArgs) -> None:
    """Log how a thread ended: Faust's raise what they meet when they are stopped without a broker."""
    log.info("a thread ended with %s: %s", failure.exc_type.__name__, failure.exc_value)


class Service:
    """Sessions one after the other, until told to stop, or until the cluster is gone for too long."""

    def __init__(self, settings: EnricherSettings, darkroom: Darkroom) -> None:
        self.settings, self.darkroom = settings, darkroom
        self.session: Session | None = None

    def ready(self) -> bool:
        """Whether records are being taken."""
        return self.session is not None and self.session.in_group

    async def run(self, stop: asyncio.Event) -> None:
        """Hold sessions until ``stop`` is set."""
        await self.darkroom.generators()
        well_at = time.monotonic()
        while partitions := await self._topics(stop):
            self.session = Session(self.settings, self.darkroom, partitions)
            try:
                await self.session.run(stop)
                return
            except BrokenOffError as error:
                if self.session.has_joined:
                    well_at = time.monotonic()
                self._judge(error, time.monotonic() - well_at)
                await asyncio.sleep(_PAUSE_S)

    def _judge(self, error: BrokenOffError, seconds: float) -> None:
        if seconds > self.settings.broker_timeout_s:
            group = f"group {self.settings.group} at {self.settings.cluster.bootstrap}"
            raise BrokerUnavailableError(f"could not stay in {group} for {seconds:.0f} s: {error}") from error
        log.warning("lost the cluster, joining again: %s", error)

    async def _topics(self, stop: asyncio.Event) -> dict[str, int]:
        """How many partitions each topic has, once the cluster has them all; nothing if stopped before."""
        deadline = time.monotonic() + self.settings.broker_timeout_s
        while not stop.is_set():
            left = max(1.0, deadline - time.monotonic())
            try:
                found = await asyncio.to_thread(_partitions, self.settings, left, stop)
            except BrokerUnavailableError:
                if stop.is_set():
                    break
                raise
            absent = [qualified(self.settings.run, name) for name, count in found.items() if not count]
            if not absent:
                return found
            if time.monotonic() > deadline:
                raise UsageError(_absent(absent, self.settings))
            await asyncio.sleep(_PAUSE_S)
        return {}


def _partitions(settings: EnricherSettings, timeout_s: float, stop: asyncio.Event) -> dict[str, int]:
    wait_for_broker(settings.cluster, timeout_s, alive=lambda: not stop.is_set())
    names = [*settings.topics, *settings.written]
    with Administration(settings.cluster, timeout_s=timeout_s) as administration:
        states = administration.describe_topics([qualified(settings.run, name) for name in names])
    return {name: state.partitions for name, state in zip(names, states, strict=True)}


def _absent(topics: list[str], settings: EnricherSettings) -> str:
    return (
        f"the cluster at {settings.cluster.bootstrap} has no topic {', '.join(topics)}; "
        f"create a run's topics with `greenroom topics`, or name the run with --run (now {settings.run!r})"
    )


def _stop_on_signals() -> asyncio.Event:
    """An event that the first SIGINT or SIGTERM sets; a second one ends the process as usual."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop_once() -> None:
        stop.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop_once)
    return stop


def _announce(settings: EnricherSettings, endpoint: Endpoint) -> None:
    print(f"endpoint: {endpoint.url}", file=sys.stderr, flush=True)
    if settings.announce_file:
        facts = {"pid": os.getpid(), "endpoint": endpoint.url, "group": settings.group}
        unfinished = settings.announce_file.with_name(f".{settings.announce_file.name}.{os.getpid()}")
        unfinished.write_bytes(orjson.dumps(facts))
        unfinished.replace(settings.announce_file)
