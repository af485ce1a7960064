"""Followers: browsers that are sent every change, as server-sent events."""

import asyncio

from aiohttp import web

from streams.watch.page.channel import Channel

__all__ = ["Followers"]

_MOST = 24
_HEARTBEAT_S = 10.0
_STALLED_S = 20.0
_RETRY_MS = 1500


class Followers:
    """Sends each follower what it has not had yet; one that does not read for 20 s is let go and may come back."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._news = asyncio.Event()
        self._closing = False
        self.count = 0

    def tell(self) -> None:
        """There is something new in the channel. Called on the server's loop."""
        self._news.set()
        self._news = asyncio.Event()

    def close(self) -> None:
        """Let all followers go. Called on the server's loop."""
        self._closing = True
        self.tell()

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """Serve one follower until either side ends it; 503 if there are too many."""
        if self.count >= _MOST:
            return web.Response(
                status=503, text=f"{_MOST} browsers are following already\n", headers={"Retry-After": "10"}
            )
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        self.count += 1
        try:
            await response.prepare(request)
            await self._write(response, f"retry: {_RETRY_MS}\n\n".encode())
            await self._feed(response, self._channel.known(request.headers.get("Last-Event-ID", "")))
        except (ConnectionError, TimeoutError):
            pass  # it has gone, or does not read
        finally:
            self.count -= 1
        return response

    async def _feed(self, response: web.StreamResponse, version: int) -> None:
        while not self._closing:
            news = self._news
            updates = self._channel.since(version)
            if updates:
                await self._write(response, b"".join(map(self._channel.event, updates)))
                version = updates[-1].version
            else:
                await self._wait(response, news)

    async def _wait(self, response: web.StreamResponse, news: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(news.wait(), _HEARTBEAT_S)
        except TimeoutError:
            await self._write(response, b": still here\n\n")

    async def _write(self, response: web.StreamResponse, data: bytes) -> None:
        await asyncio.wait_for(response.write(data), _STALLED_S)
