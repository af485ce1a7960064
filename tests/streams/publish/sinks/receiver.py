"""A receiver of webhooks on loopback that keeps what it gets and answers as it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from aiohttp import web

from tests.streams.loadtest.service import Service, reset


@dataclass
class Request:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers with each of ``answers`` in turn (a status, a status with headers, or None for no answer), then 204."""

    answers: list[int | tuple[int, dict[str, str]] | None] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    forever: int | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(Request(dict(request.headers), await request.read()))
        told = self.answers.pop(0) if self.answers else self.forever or 204
        if told is None:
            return reset(request)
        status, headers = told if isinstance(told, tuple) else (told, {})
        return web.Response(status=status, headers=headers, text="not now" if status >= 300 else None)

    def serving(self) -> Service:
        return Service(self.answer)

    @property
    def taken(self) -> Sequence[Request]:
        """Requests by their id, the last of each."""
        return list({request.headers["webhook-id"]: request for request in self.requests}.values())
