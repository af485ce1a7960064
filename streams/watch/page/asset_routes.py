"""Assets over HTTP: files by asset and name, sounds piece by piece, and maps drawn for the eye."""

import asyncio
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from aiohttp import web

from streams.store import StoreUnavailableError
from streams.watch.page.maps import MAPS, drawn
from streams.watch.page.shelf import Part, Shelf

__all__ = ["AssetRoutes"]

T = TypeVar("T")

_FOR_EVER = "private, max-age=31536000, immutable"
_DRAWN = 96


class AssetRoutes:
    """Answers for ``/assets/<id>/<file>`` and ``/maps/<id>/<file>`` from a shelf; 404 for all without one.

    Assets are named by their content and never change, so that a browser may keep them.
    """

    def __init__(self, shelf: Shelf | None) -> None:
        self._shelf = shelf
        self._drawn = lru_cache(maxsize=_DRAWN)(self._draw)

    async def file(self, request: web.Request) -> web.Response:
        """A file of an asset, whole or the range that is asked for."""
        part = await self._part(request.match_info["asset_id"], request.match_info["name"])
        headers = {"ETag": f'"{part.digest}"', "Cache-Control": _FOR_EVER, "Accept-Ranges": "bytes"}
        if not part.inline:
            headers["Content-Disposition"] = "attachment"
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        return _piece(request, part, headers)

    async def map(self, request: web.Request) -> web.Response:
        """A map of a picture (depth, instances, semantics, normals) as a picture for the eye."""
        asset_id, role = request.match_info["asset_id"], request.match_info["role"]
        if role not in MAPS or self._shelf is None:
            raise web.HTTPNotFound
        data = await self._reading(self._drawn, asset_id, role)
        if data is None:
            self._drawn.cache_clear()  # it may be written yet
            raise web.HTTPNotFound
        return web.Response(body=data, content_type="image/png", headers={"Cache-Control": _FOR_EVER})

    def _draw(self, asset_id: str, role: str) -> bytes | None:
        part = self._shelf.part(asset_id, f"{role}.png") if self._shelf else None
        return None if part is None else drawn(role, part.data)

    async def _part(self, asset_id: str, name: str) -> Part:
        part = None if self._shelf is None else await self._reading(self._shelf.part, asset_id, name)
        if part is None:
            raise web.HTTPNotFound
        return part

    async def _reading(self, read: Callable[[str, str], T], asset_id: str, name: str) -> T:
        """Read on another thread: a store may be far away."""
        try:
            return await asyncio.to_thread(read, asset_id, name)
        except StoreUnavailableError as error:
            raise web.HTTPServiceUnavailable(reason=str(error).splitlines()[0][:200]) from error


def _piece(request: web.Request, part: Part, headers: dict[str, str]) -> web.Response:
    """The range of a file that is asked for (RFC 9110, section 14), or all of it."""
    size = len(part.data)
    try:
        wanted = request.http_range
    except ValueError:  # a header that is no single range of bytes is passed over
        wanted = slice(None)
    if wanted.start is None and wanted.stop is None:
        return web.Response(body=part.data, content_type=part.media_type, headers=headers)
    first, last, _ = wanted.indices(size)
    if first >= last:
        return web.Response(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers = {**headers, "Content-Range": f"bytes {first}-{last - 1}/{size}"}
    return web.Response(status=206, body=part.data[first:last], content_type=part.media_type, headers=headers)
