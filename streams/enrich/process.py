"""The enricher as a process: starts its parts, shows how it is, and ends cleanly when told."""

import asyncio
import logging
import signal
import sys
import threading

from streams.announcement import announce
from streams.endpoint import Endpoint
from streams.enrich.darkroom import Darkroom
from streams.enrich.settings import EnricherSettings
from streams.store import AssetStore
from streams.tracing import tracing

__all__ = ["run"]

_TIDY_S = 2.0

log = logging.getLogger(__name__)


def run(settings: EnricherSettings) -> None:
    """Enrich until SIGINT or SIGTERM; GreenroomError for what cannot be waited out."""
    threading.excepthook = _note
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)  # Faust asks for it
    try:
        with tracing("enrich"):
            loop.run_until_complete(_serve(settings))
    finally:
        loop.run_until_complete(_tidy())
        loop.close()


async def _serve(settings: EnricherSettings) -> None:
    stop = _stop_on_signals()
    async with Darkroom(
        settings.store, workers=settings.workers, time_limit_s=settings.render_timeout_s
    ) as darkroom:
        from streams.enrich.service import Service  # brings Faust, while the workers load the generators

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
    announce(settings.announce_file, endpoint=endpoint.url, group=settings.group)
