"""A small moderation service in the shape of OpenAI's endpoint: run it, and point a load test at it.

    python examples/moderator/service.py --port 8080

Behind it stands alt-profanity-check (a linear model on words, from PyPI), which nobody here trained. Texts that arrive
within a few milliseconds are judged together, as such models are far faster in batches. With ``--normalise`` look-alike
letters and invisible marks are undone before the model sees a text.
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from aiohttp import web
from profanity_check import predict_prob

from sim.adversaries.skeleton import normalised

__all__ = ["Desk", "application"]

_FLAGGED_FROM = 0.5


class Desk:
    """Where texts wait for others, so that the model judges many at a time."""

    def __init__(
        self, judge: Callable[[Sequence[str]], Sequence[float]], *, window_s: float, most: int
    ) -> None:
        self._judge, self._window_s, self._most = judge, window_s, most
        self._waiting: list[tuple[str, asyncio.Future[float]]] = []
        self._timer: asyncio.TimerHandle | None = None

    async def score(self, text: str) -> float:
        """How offensive a text is, from 0 to 1."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[float] = loop.create_future()
        self._waiting.append((text, future))
        if len(self._waiting) >= self._most:
            self._clear()
        elif self._timer is None:
            self._timer = loop.call_later(self._window_s, self._clear)
        return await future

    def _clear(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        batch, self._waiting = self._waiting, []
        if batch:
            for (_, future), score in zip(batch, self._judge([text for text, _ in batch]), strict=True):
                if not future.done():
                    future.set_result(float(score))


def application(*, normalise: bool = False, window_s: float = 0.004, most: int = 64) -> web.Application:
    """The service."""

    def judge(texts: Sequence[str]) -> Sequence[float]:
        seen = [normalised(text) for text in texts] if normalise else list(texts)
        found: Sequence[float] = predict_prob(seen)
        return found

    desk = Desk(judge, window_s=window_s, most=most)

    async def moderate(request: web.Request) -> web.Response:
        try:
            asked = orjson.loads(await request.read())["input"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return _json({"error": {"message": "a JSON object with 'input' is needed"}}, 400)
        texts = [asked] if isinstance(asked, str) else asked
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            return _json({"error": {"message": "'input' must be a text or a list of texts"}}, 400)
        scores = await asyncio.gather(*(desk.score(text) for text in texts))
        return _json(
            {"id": "modr-example", "model": "alt-profanity-check", "results": [_result(s) for s in scores]},
            200,
        )

    service = web.Application(client_max_size=2**20)
    service.router.add_post("/v1/moderations", moderate)
    return service


def _result(score: float) -> dict[str, Any]:
    flagged = score >= _FLAGGED_FROM
    return {
        "flagged": flagged,
        "categories": {"harassment": flagged},
        "category_scores": {"harassment": score},
        "category_applied_input_types": {"harassment": ["text"]},
    }


def _json(value: Any, status: int) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")


def main() -> None:
    """Serve on loopback until Ctrl-C."""
    parser = argparse.ArgumentParser(
        description="A moderation service to test: alt-profanity-check behind HTTP."
    )
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--normalise", action="store_true", help="undo look-alikes and invisible marks first")
    given = parser.parse_args()
    predict_prob(["warm"])
    web.run_app(application(normalise=given.normalise), host="127.0.0.1", port=given.port, access_log=None)


if __name__ == "__main__":
    main()
