"""A moderator behind a pair of topics: verdicts come back as records, and what comes too late is counted."""

import json
import time
from collections import deque
from itertools import count
from typing import Any

import orjson
from confluent_kafka import Message
from typer.testing import CliRunner

from streams.commands.loadtest import loadtest
from streams.settings import ClusterSettings
from tests.streams.loadtest.test_kafka_pair import answering


def told(settings: ClusterSettings, topics: tuple[str, str], *more: str) -> dict[str, Any]:
    target = ("--target", f"kafka:{topics[0]},{topics[1]}", "--broker", settings.bootstrap)
    load = ("--rate", "200", "--for", "2s", "--arrivals", "constant", "--shape", "json", "--json")
    result = CliRunner().invoke(loadtest, ["moderation", *target, *load, *more])
    assert result.exit_code == 0, result.exception
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_moderator_behind_topics_is_judged_like_one_behind_http(
    embedded_broker: ClusterSettings, run_name: str
) -> None:
    def respond(message: Message) -> list[dict[str, Any]]:
        text = orjson.loads(message.value() or b"")["text"]
        verdict = {"flagged": text.isascii(), "score": 0.5}
        return [{"key": message.key(), "value": orjson.dumps(verdict)}]

    with answering(embedded_broker, run_name, respond) as topics:
        figures = told(embedded_broker, topics, "--deadline", "5s")
    assert figures["errors"] == {}
    assert figures["judged"] == figures["requests"] == 400
    assert figures["latency_ms"]["p50"] > 0
    assert figures["policies"]["hate"]["recall"]["value"] > 0.9
    assert figures["operators"]["fullwidth"]["attack_success"]["0.5"]["value"] in (1, None)
    assert figures["target"] == f"kafka:{run_name}.asked,{run_name}.answered"


def test_late_missing_and_meaningless_answers_are_counted_by_their_kind(
    embedded_broker: ClusterSettings, run_name: str
) -> None:
    seen, held = count(), deque[tuple[float, bytes | None]]()

    def respond(message: Message) -> list[dict[str, Any]]:
        now, number = time.monotonic(), next(seen) % 4
        records = []
        while held and held[0][0] < now - 1.5:
            records.append({"key": held.popleft()[1], "value": b'{"flagged": true}'})
        if number == 0:
            held.append((now, message.key()))
        elif number > 1:
            answer = {2: b'{"flagged": "perhaps"}', 3: b'{"flagged": false}'}[number]
            records.append({"key": message.key(), "value": answer})
        return records

    with answering(embedded_broker, run_name, respond) as topics:
        figures = told(embedded_broker, topics, "--for", "3s", "--deadline", "1s")
    assert figures["errors"].keys() == {"timeout", "malformed"}
    assert sum(figures["errors"].values()) + figures["judged"] == figures["requests"] == 600
    assert figures["errors"]["timeout"] >= 300
    assert 30 < figures["late_answers"] <= 150
    # Latency is that of all that was answered or waited for in vain: half of them waited for the whole deadline.
    assert figures["latency_ms"]["p95"] >= 1000
