"""The page's own files: read once from the package, served as they are."""

from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from aiohttp import web

__all__ = ["PageFiles"]

_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


class PageFiles:
    """Every file under ``static``, by its path there; nothing else can be asked for."""

    def __init__(self) -> None:
        root = files("streams.watch.page") / "static"
        self._files = {name: (entry.read_bytes(), kind) for name, entry, kind in _below(root, "")}

    def answer(self, request: web.Request, name: str) -> web.Response:
        """The file of this name, or 304 if the browser has it, or 404."""
        if name not in self._files:
            raise web.HTTPNotFound
        data, kind = self._files[name]
        tag = f'"{sha256(data).hexdigest()[:20]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=data, content_type=kind, charset="utf-8", headers=headers)


def _below(folder: Traversable, prefix: str) -> list[tuple[str, Traversable, str]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _below(entry, f"{prefix}{entry.name}/")
        elif kind := next((kind for end, kind in _TYPES.items() if entry.name.endswith(end)), None):
            found.append((prefix + entry.name, entry, kind))
    return found
