"""The page's server: the page, its events, assets and steering, beside the endpoints of every process, on one port."""

import asyncio
from threading import Event, Thread
from types import TracebackType
from typing import Any

import orjson
from aiohttp import web

from streams.endpoint import Answers
from streams.exits import UsageError
from streams.watch.page.asset_routes import AssetRoutes
from streams.watch.page.channel import Channel
from streams.watch.page.files import PageFiles
from streams.watch.page.followers import Followers
from streams.watch.page.guards import guarded, on_prepare, refusal
from streams.watch.page.openapi import description
from streams.watch.page.shelf import Shelf
from streams.watch.page.steering import Steering

__all__ = ["PageServer"]

_LARGEST_CHANGE = 65_536
_CLOSING_S = 1.0


class PageServer:
    """Serves the live page on a thread of its own; ``publish`` is all that the monitor does for it.

    >>> server = PageServer(port=0, answers=Answers(ready=lambda: True), steering=Steering(None))
    >>> with server:
    ...     server.url
    'http://127.0.0.1:...'
    """

    def __init__(
        self,
        *,
        port: int,
        host: str = "127.0.0.1",
        answers: Answers,
        steering: Steering,
        shelf: Shelf | None = None,
    ) -> None:
        """Prepare the server; ``port`` 0 takes a free one. Without a shelf there are no assets to look at."""
        self._place = host, port
        self._answers, self._steering = answers, steering
        self._assets, self._files, self._channel = AssetRoutes(shelf), PageFiles(), Channel()
        self._thread = Thread(target=self._serve, name="page", daemon=True)
        self._ready = Event()
        self._failed: OSError | None = None
        self.url = ""

    def publish(self, panels: dict[str, object]) -> None:
        """Take the new state of some panels, on any thread."""
        self._channel.publish({**panels, "steering": self._steering.as_json()})
        self._loop.call_soon_threadsafe(self._followers.tell)

    def __enter__(self) -> "PageServer":
        self._thread.start()
        self._ready.wait()
        if self._failed is not None:
            host, port = self._place
            raise UsageError(
                f"--endpoint-port {port} cannot be opened on {host}: {self._failed.strerror}; give another, or 0"
            ) from self._failed
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _serve(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._followers = Followers(self._channel)
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=_CLOSING_S)
        await runner.setup()
        try:
            site = web.TCPSite(runner, *self._place)
            await site.start()
            host, port = runner.addresses[0][:2]
            self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        except OSError as error:
            self._failed = error
            self._stop.set()
        self._ready.set()
        await self._stop.wait()
        self._followers.close()
        await runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[guarded], client_max_size=_LARGEST_CHANGE)
        app.on_response_prepare.append(on_prepare)
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/static/{name:.+}", self._static),
                web.get("/events", self._followers.follow),
                web.get("/assets/{asset_id}/{name}", self._assets.file),
                web.get("/maps/{asset_id}/{role}.png", self._assets.map),
                web.get("/openapi.json", self._openapi),
                web.post("/steer", self._steer),
                *(web.get(path, self._answer) for path in self._answers.paths),
            ]
        )
        return app

    async def _page(self, request: web.Request) -> web.Response:
        return self._files.answer(request, "index.html")

    async def _static(self, request: web.Request) -> web.Response:
        return self._files.answer(request, request.match_info["name"])

    async def _answer(self, request: web.Request) -> web.Response:
        status, kind, body = await asyncio.to_thread(
            self._answers.to, request.path, request.headers.get("Accept", "")
        )
        return web.Response(status=status, body=body, headers={"Content-Type": kind})

    async def _openapi(self, request: web.Request) -> web.Response:
        return web.json_response(description(self._answers.paths))

    async def _steer(self, request: web.Request) -> web.Response:
        if found := refusal(request):
            return _json(found[0], {"error": found[1]})
        try:
            change = orjson.loads(await request.read())
        except orjson.JSONDecodeError as error:
            return _json(400, {"error": f"no JSON: {error}"})
        if not isinstance(change, dict):
            return _json(400, {"error": f"a change is a JSON object, not {type(change).__name__}"})
        answer = await asyncio.to_thread(self._steering.steer, change)
        self._channel.publish({"steering": self._steering.as_json()})
        self._followers.tell()
        return _json(answer.status, answer.body)


def _json(status: int, body: dict[str, Any]) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json")
