"""A real service on loopback whose behaviour a test decides, request by request."""

import asyncio
from collections.abc import Awaitable, Callable
from threading import Event, Thread
from types import TracebackType

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Service:
    """Answers POST / by a coroutine, in a thread of its own, for as long as the ``with`` block lasts."""

    def __init__(self, handler: Handler) -> None:
        self.handler, self._ready = handler, Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        application = web.Application(client_max_size=2**26)
        application.router.add_post("/", self.handler)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._end.wait()
        await runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def __enter__(self) -> "Service":
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()


def reset(request: web.Request) -> web.Response:
    """End the connection without an answer, as a crashed process does."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
