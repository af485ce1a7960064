"""Load tests at 2,000 requests/s: how punctual the generator is, and the example recommender and moderator under it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from bench.figure import Figure, measured

_RATE = 2_000.0
_SECONDS = 60.0
_RECOMMENDER = "examples/recommender/service.py"
_MODERATOR = "examples/moderator/service.py"


def figures() -> Iterator[Figure]:
    """The generator alone against an echo, then what it is for: slates and verdicts of the example services."""
    alone = _child("generator")
    yield Figure("loadtest_http_requests", alone["achieved_rate"], "requests/s", bound=">= 1980")
    yield Figure("loadtest_http_lateness_p99", alone["lateness_p99"], "ms", bound="<= 10")
    yield Figure("loadtest_http_cpu", alone["cpu_us"], "CPU-us/request")
    loop = _child("recommender")
    yield Figure("loadtest_slates", loop["achieved_rate"], "slates/s", bound=">= 1980")
    yield Figure("loadtest_slates_lateness_p99", loop["lateness_p99"], "ms", bound="<= 10")
    yield Figure("loadtest_slates_latency_p99", loop["latency_p99"], "ms")
    yield Figure("loadtest_slates_cpu", loop["cpu_us"], "CPU-us/slate")
    exam = _child("moderator")
    yield Figure("loadtest_verdicts", exam["achieved_rate"], "verdicts/s", bound=">= 1980")
    yield Figure("loadtest_verdicts_lateness_p99", exam["lateness_p99"], "ms", bound="<= 10")
    yield Figure("loadtest_verdicts_latency_p99", exam["latency_p99"], "ms")
    yield Figure("loadtest_verdicts_cpu", exam["cpu_us"], "CPU-us/verdict")


def _child(what: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.loadtest", what], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


@contextmanager
def _serving(*command: str) -> Iterator[str]:
    from streams.cluster.processes import free_ports

    (port,) = free_ports(1)
    process = subprocess.Popen([sys.executable, *command, "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    import socket
    import time

    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


def _told(summary: dict[str, Any], cpu_s: float) -> dict[str, float]:
    return {
        "achieved_rate": summary["achieved_rate"],
        "lateness_p99": summary["lateness_ms"]["p99"],
        "latency_p99": summary["latency_ms"]["p99"],
        "cpu_us": cpu_s / summary["requests"] * 1e6,
    }


def _generator(seconds: float) -> dict[str, float]:
    from streams.loadtest.arrivals import Arrivals, LoadProfile
    from streams.loadtest.http import Http
    from streams.loadtest.open_loop import OpenLoop
    from streams.loadtest.play import Play

    load = Arrivals(LoadProfile.parse(rate=_RATE, seconds=seconds), "poisson", seed=1)
    body = json.dumps({"input": "a text of the usual length of a comment, " * 3}).encode()
    with _serving("-m", "bench.echo") as url, OpenLoop(Http(url), deadline_s=2.0) as loop:
        play = Play(loop, load, count(), lambda asked: (str(asked[0]), body), lambda answer: [None])
        with measured() as spent:
            summary = play.play().summary()
    return _told(summary, spent.cpu_s)


def _recommender(seconds: float) -> dict[str, float]:
    from sim.scenario_file import load
    from streams.commands.loadtest.flags import prompt_threads
    from streams.loadtest.arrivals import Arrivals, LoadProfile
    from streams.loadtest.recommender.trial import Trial
    from streams.recommenders.http import Http

    scenario = load("video_service", {})
    arrivals = Arrivals(LoadProfile.parse(rate=_RATE, seconds=seconds), "poisson", seed=1)
    with _serving(_RECOMMENDER) as url:
        trial = Trial(scenario, Http(url=f"{url}/recommend", candidates=50), arrivals)
        with prompt_threads(), measured() as spent:
            trial.run()
    return _told(trial.measured.summary(), spent.cpu_s)


def _moderator(seconds: float) -> dict[str, float]:
    from streams.commands.loadtest.flags import prompt_threads
    from streams.loadtest.arrivals import Arrivals, LoadProfile
    from streams.loadtest.http import Http
    from streams.loadtest.moderation.exam import exam
    from streams.loadtest.moderation.shapes.openai import OpenAI
    from streams.loadtest.moderation.sitting import Sitting
    from streams.loadtest.open_loop import OpenLoop

    load, questions = Arrivals(LoadProfile.parse(rate=_RATE, seconds=seconds), "poisson", seed=1), exam(1)
    next(questions)
    with (
        _serving(_MODERATOR) as url,
        prompt_threads(),
        OpenLoop(Http(f"{url}/v1/moderations"), deadline_s=2.0) as loop,
        measured() as spent,
    ):
        summary = Sitting(loop, OpenAI()).sit(load, questions).summary()
    return _told(summary, spent.cpu_s)


_PARTS = {"generator": _generator, "recommender": _recommender, "moderator": _moderator}

if __name__ == "__main__":
    length = float(sys.argv[2]) if len(sys.argv) > 2 else _SECONDS
    print(json.dumps(_PARTS[sys.argv[1]](length)))
