"""The HTTP endpoint of a process: metrics, health, readiness and pages of its own, on loopback by default."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest

from streams.exits import UsageError

__all__ = ["Endpoint"]

Page = Callable[[], Any]


class Endpoint:
    """Serves ``/metrics`` (Prometheus), ``/healthz`` (alive), ``/readyz`` (200 or 503) and pages such as ``/drift``.

    >>> with Endpoint(port=0, ready=lambda: True) as endpoint:
    ...     endpoint.url
    'http://127.0.0.1:...'
    """

    def __init__(
        self,
        *,
        port: int,
        host: str = "127.0.0.1",
        ready: Callable[[], bool],
        pages: dict[str, Page] | None = None,
        registry: CollectorRegistry = REGISTRY,
    ) -> None:
        """Prepare the server; ``port`` 0 takes a free one. ``pages`` maps a path to a function that returns JSON."""
        self.ready, self.pages, self.registry = ready, pages or {}, registry
        try:
            self._server = ThreadingHTTPServer((host, port), _handler(self))
        except OSError as error:
            raise UsageError(
                f"--endpoint-port {port} cannot be opened on {host}: {error.strerror}; give another, or 0"
            ) from error
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, name="endpoint", daemon=True)

    @property
    def url(self) -> str:
        """Address of the endpoint, without a trailing slash."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, content type and body for a path."""
        if path == "/metrics":
            return 200, CONTENT_TYPE_LATEST, generate_latest(self.registry)
        if path == "/healthz":
            return 200, "text/plain", b"ok\n"
        if path == "/readyz":
            return (200, "text/plain", b"ready\n") if self.ready() else (503, "text/plain", b"not ready\n")
        if path in self.pages:
            return 200, "application/json", json.dumps(self.pages[path]()).encode()
        known = ", ".join(["/metrics", "/healthz", "/readyz", *self.pages])
        return 404, "text/plain", f"nothing at {path}; there are: {known}\n".encode()

    def __enter__(self) -> "Endpoint":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content_type, body = endpoint.answer(self.path.split("?")[0])
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the overridden name
            """Requests are not logged: a probe asks every few seconds."""

    return Handler
