"""A small recommender service that learns while it serves: run it, and point a load test at it.

    python examples/recommender/service.py --port 8080

It ranks the candidates of each request by how often an item was played for each time it was shown, with a little
chance for what it hardly knows (a Beta-Bernoulli estimate plus noise that fades). It learns from the requests alone:
``recent`` in them tells what a viewer played last.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson
from aiohttp import web

__all__ = ["Ranking", "application"]


class Ranking:
    """Plays and showings of every item seen so far; the prior keeps one lucky play from winning.

    >>> ranking = Ranking(seed=1)
    >>> for _ in range(50):
    ...     ranking.learn("u1", ["t2"])
    ...     ranking.learn("u1", ["t3"])
    >>> "t2" in ranking.slate(["t1", "t2", "t3", "t4", "t5", "t6"], 2)
    True
    """

    prior_plays, prior_shown = 1.0, 20.0

    def __init__(self, *, seed: int) -> None:
        self._plays: defaultdict[str, float] = defaultdict(lambda: self.prior_plays)
        self._shown: defaultdict[str, float] = defaultdict(lambda: self.prior_shown)
        self._newest: dict[str, str] = {}
        self._random = random.Random(seed)

    def learn(self, user: str, recent: list[str]) -> None:
        """Count what a viewer played since the last request."""
        if recent and self._newest.get(user) != recent[0]:
            self._newest[user] = recent[0]
            self._plays[recent[0]] += 1

    def slate(self, candidates: Iterable[str], k: int) -> list[str]:
        """The k best candidates now; they count as shown."""
        plays, shown, chance = self._plays, self._shown, self._random.random
        scored = [(plays[item] / shown[item] + chance() / shown[item], item) for item in candidates]
        scored.sort(reverse=True)
        chosen = [item for _, item in scored[:k]]
        for item in chosen:
            shown[item] += 1
        return chosen

    @property
    def known(self) -> list[str]:
        """Every item that was ever offered or played."""
        return list(self._shown.keys() | self._plays.keys())


def application(seed: int = 0) -> web.Application:
    """The service: POST /recommend answers a slate for each request of the message."""
    ranking = Ranking(seed=seed)

    def answered(request: dict[str, Any]) -> dict[str, Any]:
        ranking.learn(request["user_id"], request.get("recent") or [])
        candidates = request.get("candidates") or ranking.known
        return {
            "request_id": request["request_id"],
            "items": ranking.slate(candidates, request["k"]),
            "policy": "learned_popularity",
        }

    async def recommend(request: web.Request) -> web.Response:
        try:
            message = orjson.loads(await request.read())
            body = orjson.dumps({"slates": [answered(one) for one in message["requests"]]})
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            told = {"error": f"no list of slate requests: {type(error).__name__}: {error}"}
            return web.Response(body=orjson.dumps(told), status=400, content_type="application/json")
        return web.Response(body=body, content_type="application/json")

    service = web.Application(client_max_size=16 * 2**20)
    service.router.add_post("/recommend", recommend)
    return service


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback)")
    parser.add_argument("--port", type=int, default=8080, help="port to listen on (default: 8080)")
    parser.add_argument("--seed", type=int, default=0, help="seed of its small chances")
    given = parser.parse_args()
    web.run_app(application(given.seed), host=given.host, port=given.port, access_log=None)


if __name__ == "__main__":
    main()
