"""HTTP: a POST for each message, over a bounded pool of connections that are kept alive."""

import errno

import aiohttp

from streams.loadtest.exchange import Exchange, Reply

__all__ = ["Http"]

_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


class Http:
    """Posts to one address; at most ``connections`` at a time, further messages wait for a free one.

    That wait counts as the target's: it is what a client with such a pool would see. Nothing is sent twice, no
    redirect is followed.
    """

    def __init__(self, url: str, *, connections: int = 256, headers: dict[str, str] | None = None) -> None:
        self.late = 0
        self.url, self.connections, self.headers = url, connections, {**_HEADERS, **(headers or {})}

    async def open(self) -> None:
        """Prepare the pool; connections are made as they are needed."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self.connections, keepalive_timeout=60),
            timeout=aiohttp.ClientTimeout(total=None),
            headers=self.headers,
            auto_decompress=True,
        )

    async def exchange(self, exchange: Exchange) -> Reply:
        """One POST and its reply, or what went wrong."""
        try:
            async with self._session.post(self.url, data=exchange.body, allow_redirects=False) as response:
                body = await response.read()
                if 200 <= response.status < 300:
                    return Reply(body)
                return Reply(body, f"http_{response.status}", _seconds(response.headers.get("Retry-After")))
        except (aiohttp.ClientError, OSError) as error:
            return Reply(error=_kind(error))

    async def close(self) -> None:
        """Close the pool."""
        await self._session.close()


def _seconds(text: str | None) -> float | None:
    # A date in Retry-After is rare and depends on both clocks; that it was given is counted all the same.
    if text is None:
        return None
    try:
        return max(float(text), 0.0)
    except ValueError:
        return 0.0


def _kind(error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "unknown_host"
    if number == errno.ECONNREFUSED:
        return "connection_refused"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "no_connection"
    if isinstance(error, aiohttp.ServerDisconnectedError) or number in (errno.ECONNRESET, errno.EPIPE):
        return "connection_reset"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "cut_short"
    return "not_http" if isinstance(error, aiohttp.ClientResponseError) else "connection_lost"
