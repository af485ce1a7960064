"""Sinks: events a second of CPU into each, beside what a user would write instead for the same records."""

import asyncio
import json
import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import orjson
import pandas as pd
import requests
from aiohttp import web

from bench.figure import Figure, measured
from sim.batch import Tick
from sim.numbering import seed_tag
from sim.pace import Pace
from sim.scenario_file import load
from sim.world import World
from streams.codec.json_codec import JsonCodec
from streams.publish.records import Encoder, Records
from streams.publish.sinks.flags import chosen_sinks
from streams.publish.sinks.opening import open_sinks
from streams.publish.sinks.plan import RunFacts
from streams.topics import TOPICS

_EVENTS = 300_000
_POSTED = 100_000
_EACH = 2_000
_ROUNDS = 3

_SCENARIO = load("video_service", {"audience.viewers": 250_000})


def figures() -> Iterator[Figure]:
    """Each sink on ticks that are there already, the best of some rounds."""
    ticks, records, facts = _prepared()
    rows = [orjson.loads(value) for chunk in records for value in chunk.values][:_EVENTS]
    with tempfile.TemporaryDirectory() as folder, _receiver() as url:
        place = Path(folder)
        yield _compared(
            "sink_parquet",
            lambda: _take(f"parquet:{place}/ours", facts, ticks),
            "pandas.DataFrame(rows).to_parquet a kind",
            lambda: _pandas(rows, place),
        )
        yield _compared(
            "sink_jsonl",
            lambda: _send(f"jsonl:{place}/lines", facts, records),
            "a loop of json.dumps",
            lambda: _dumps(rows, place),
        )
        few = _first(records, _POSTED)
        yield _compared(
            "sink_webhook",
            lambda: _send(f"webhook:{url}", facts, few),
            "requests.post for each record",
            lambda: _posts(rows[:_EACH], url),
        )
        null = _best(lambda: _take("null", facts, ticks))
        yield Figure("sink_null", null, "events/CPU-s")


def _compared(name: str, ours: Callable[[], int], to: str, theirs: Callable[[], int]) -> Figure:
    value, other = _best(ours), _best(theirs)
    return Figure(name, value, "events/CPU-s", to, value / other)


def _best(work: Callable[[], int]) -> float:
    rates = []
    for _ in range(_ROUNDS):
        with measured() as spent:
            count = work()
        rates.append(count / spent.cpu_s)
    return max(rates)


def _prepared() -> tuple[list[Tick], list[Records], RunFacts]:
    tag, vocabularies = seed_tag(_SCENARIO.seed), _SCENARIO.vocabularies()
    codec = JsonCodec(tag, vocabularies)
    partitions = {topic.name: topic.partitions for topic in TOPICS}
    encoder = Encoder(codec, tag=tag, source="/bench", partitions=partitions)
    ticks: list[Tick] = []
    records: list[Records] = []
    for tick in World(_SCENARIO, pace=Pace.of(_SCENARIO)).ticks():
        if tick.index and ticks:
            records += encoder.records(tick)
        ticks.append(tick)
        if sum(map(len, records)) >= _EVENTS:
            break
    facts = RunFacts(codec, vocabularies, _SCENARIO.seed, "/bench", (0, 1), _SCENARIO.start_ms)
    # The first tick also lists the catalogue and everybody who is there.
    return ticks[1:], records, facts


def _first(records: list[Records], count: int) -> list[Records]:
    journeys = max(records, key=len)
    return [journeys[start : start + 10_000] for start in range(0, min(count, len(journeys)), 10_000)]


def _take(flag: str, facts: RunFacts, ticks: list[Tick]) -> int:
    sink: Any = open_sinks(chosen_sinks([flag]), facts, None, stop=Event())
    for tick in ticks:
        sink.take(tick)
    sink.finish()
    return sum(map(len, ticks))


def _send(flag: str, facts: RunFacts, records: list[Records]) -> int:
    sink: Any = open_sinks(chosen_sinks([flag]), facts, None, stop=Event())
    for chunk in records:
        sink.send(chunk)
    sink.finish()
    return sum(map(len, records))


def _pandas(rows: list[dict[str, Any]], place: Path) -> int:
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row)
    for kind, some in by_kind.items():
        flat = [
            {k: json.dumps(v) if isinstance(v, (dict, list)) else v for k, v in row.items()} for row in some
        ]
        pd.DataFrame(flat).to_parquet(place / f"{kind}.parquet")
    return len(rows)


def _dumps(rows: list[dict[str, Any]], place: Path) -> int:
    with (place / "loop.jsonl").open("w") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")
    return len(rows)


def _posts(rows: list[dict[str, Any]], url: str) -> int:
    for row in rows:
        requests.post(url, json=row, timeout=10).raise_for_status()
    return len(rows)


@contextmanager
def _receiver() -> Iterator[str]:
    """A service on loopback that takes everything, in a process of its own, so that its CPU is not counted."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/"
    finally:
        process.terminate()
        process.join()


def _serve(told: Any) -> None:
    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=204)

    async def serve() -> None:
        application = web.Application(client_max_size=2**26)
        application.router.add_post("/", take)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        told.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(serve())
