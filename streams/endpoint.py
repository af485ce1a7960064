"""The HTTP endpoint of a process: metrics, health, readiness and pages of its own, on loopback by default."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.exposition import choose_encoder

from streams.exits import UsageError

__all__ = ["Answers", "Endpoint"]

Page = Callable[[], Any]


@dataclass(frozen=True)
class Answers:
    """What a process says at each path of its endpoint, whatever server carries it.

    >>> Answers(ready=lambda: False).to("/readyz")
    (503, 'text/plain', b'not ready\\n')
    """

    ready: Callable[[], bool]
    pages: dict[str, Page] = field(default_factory=dict)
    registry: CollectorRegistry = REGISTRY

    @property
    def paths(self) -> tuple[str, ...]:
        """Paths at which there is something."""
        return "/metrics", "/healthz", "/readyz", *self.pages

    def to(self, path: str, accept: str = "") -> tuple[int, str, bytes]:
        """Status, content type and body for a path; the request's header ``Accept`` chooses between formats."""
        if path == "/metrics":
            encoder, content_type = choose_encoder(accept)
            return 200, content_type, encoder(self.registry)
        if path == "/healthz":
            return 200, "text/plain", b"ok\n"
        if path == "/readyz":
            return (200, "text/plain", b"ready\n") if self.ready() else (503, "text/plain", b"not ready\n")
        if path in self.pages:
            return 200, "application/json", json.dumps(self.pages[path]()).encode()
        return 404, "text/plain", f"nothing at {path}; there are: {', '.join(self.paths)}\n".encode()


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
        self.answers = Answers(ready, pages or {}, registry)
        try:
            self._server = ThreadingHTTPServer((host, port), _handler(self.answers))
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

    def __enter__(self) -> "Endpoint":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(answers: Answers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content_type, body = answers.to(self.path.split("?")[0], self.headers.get("Accept", ""))
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the overridden name
            """Requests are not logged: a probe asks every few seconds."""

    return Handler
