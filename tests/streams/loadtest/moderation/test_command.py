"""``greenroom loadtest moderation`` as a user starts it, against services that are right, blind, broken or slow."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from typer.testing import CliRunner, Result

from streams.commands.loadtest import loadtest
from streams.exits import FailedChecksError, UsageError
from streams.loadtest.moderation.exam import exam
from tests.streams.loadtest.service import Service, reset

SHORT = ("--rate", "300", "--for", "3s", "--deadline", "10s", "--shape", "json")
Judge = Callable[[str], bool]


@pytest.fixture(scope="module")
def truth() -> dict[str, tuple[bool, bool]]:
    """Whether a text violates, and whether it is disguised."""
    # Some disguises leave a text as it is: such a text is an undisguised one.
    known: dict[str, tuple[bool, bool]] = {}
    for question in islice(exam(0), 3_000):
        known.setdefault(question.text, (question.violating, bool(question.operator)))
    return known


def judging(judge: Judge) -> Any:
    async def handler(request: web.Request) -> web.Response:
        text = (await request.json())["text"]
        return web.json_response({"flagged": judge(text), "score": float(judge(text))})

    return handler


@pytest.fixture(scope="module")
def oracle(truth: dict[str, tuple[bool, bool]]) -> Iterator[str]:
    with Service(judging(lambda text: truth[text][0])) as service:
        yield service.url


@pytest.fixture(scope="module")
def dazzled(truth: dict[str, tuple[bool, bool]]) -> Iterator[str]:
    """Knows the truth, but sees nothing behind a disguise."""
    with Service(judging(lambda text: truth[text] == (True, False))) as service:
        yield service.url


def started(*arguments: str) -> Result:
    return CliRunner().invoke(loadtest, ["moderation", *arguments])


def figures(*arguments: str) -> dict[str, Any]:
    result = started(*SHORT, "--json", *arguments)
    assert result.exit_code == 0, result.exception
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_service_that_is_right_gets_full_marks(oracle: str) -> None:
    told = figures("--target", oracle)
    assert told["errors"] == {}
    assert told["judged"] == told["requests"] > 700
    for scores in told["policies"].values():
        assert (scores["recall"]["value"], scores["fpr"]["value"]) == (1, 0)
        assert scores["pair_accuracy"]["value"] == scores["robust_accuracy"] == 1
        assert scores["recall"]["low"] < 1
    for scores in told["operators"].values():
        assert {one["value"] for one in scores["attack_success"].values()} <= {0, None}
    assert told["benign"]["fpr"]["value"] == 0
    assert {one["account_recall"]["value"] for one in told["campaigns"].values() if not one["organic"]} <= {
        1,
        None,
    }
    assert {one["account_fpr"]["value"] for one in told["campaigns"].values() if one["organic"]} == {0}


def test_a_service_that_sees_through_no_disguise_is_told_so(dazzled: str) -> None:
    told = figures("--target", dazzled, "--no-campaigns")
    success = [
        one["value"]
        for scores in told["operators"].values()
        for one in scores["attack_success"].values()
        if one["value"] is not None
    ]
    assert sum(success) > 0.9 * len(success) > 10
    assert all((scores["disguised"]["recall"]["value"] or 0) < 0.4 for scores in told["policies"].values())
    assert all(scores["recall"]["value"] == 1 for scores in told["policies"].values())
    assert not told["campaigns"]


def test_the_json_has_what_pipelines_read(oracle: str) -> None:
    told = figures("--target", oracle)
    assert {
        "offered_rate",
        "achieved_rate",
        "requests",
        "errors",
        "policies",
        "operators",
        "campaigns",
    } <= told.keys()
    for name in ("lateness_ms", "latency_ms"):
        assert {"p50", "p95", "p99", "p99.9"} <= told[name].keys()
    for scores in told["policies"].values():
        for name in ("recall", "precision", "fpr"):
            assert scores[name].keys() == {"value", "low", "high"}


def test_gates_end_with_one_and_name_what_broke(dazzled: str) -> None:
    gates = (
        "--fail-if",
        "attack_success.leet>0.5",
        "--fail-if",
        "recall.hate<0.8",
        "--fail-if",
        "benign_fpr>1%",
    )
    result = started(*SHORT, "--target", dazzled, *gates)
    assert isinstance(result.exception, FailedChecksError)
    assert str(result.exception).count("\n") == 0
    assert "attack_success.leet is 1" in str(result.exception)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--fail-if", "recall.haet<0.8"), "Did you mean 'recall.hate'"),
        (("--fail-if", "recall.hate"), "must be a name"),
        (("--policy", "haet"), "Did you mean 'hate'"),
        (("--operator", "leat"), "Did you mean 'leet'"),
        (("--tier", "T9"), "T0, T1 or T2"),
        (("--language", "xx"), "must be one of"),
        (("--shape", "opneai"), "Did you mean 'openai'"),
        (("--target", "ftp://x"), "is no address"),
        (("--policy", "child_safety"), "does not show in texts"),
        (("--operator", "image_text_split"), "moves words into a picture"),
        (("--deadline", "0s"), "longer than nothing"),
        (("--report", "/proc/none/report.html"), "cannot be written"),
        (("--report", "."), "is a folder"),
        (("--fail-if", "nothing>1"), "recall.… (such as recall.harassment)"),
    ],
)
def test_wrong_flags_are_told_before_anything_is_sent(arguments: tuple[str, ...], words: str) -> None:
    result = started(*SHORT, "--target", "http://127.0.0.1:9/", *arguments)
    assert isinstance(result.exception, (UsageError, ValueError))
    assert words in str(result.exception)


def test_errors_of_the_target_are_counted_by_kind_and_end_nothing() -> None:
    seen = {"asked": 0}

    async def handler(request: web.Request) -> web.StreamResponse:
        await request.read()
        seen["asked"] += 1
        number = seen["asked"] % 6
        if number == 0:
            return reset(request)
        if number == 1:
            return web.json_response({"error": "slow down"}, status=429, headers={"Retry-After": "2"})
        if number == 2:
            return web.Response(status=500)
        if number == 3:
            return web.Response(body=b"<html>no json</html>")
        if number == 4:
            return web.json_response({"flagged": "maybe"})
        return web.json_response({"flagged": False})

    with Service(handler) as service:
        told = figures("--target", service.url)
    assert told["errors"].keys() == {"connection_reset", "http_429", "http_500", "malformed"}
    assert sum(told["errors"].values()) + told["judged"] == told["requests"]
    assert told["errors"]["malformed"] > 1.5 * told["errors"]["http_429"]
    assert told["retry_after"]["count"] == told["errors"]["http_429"]


def test_the_terminal_tells_the_level_that_held_and_the_race() -> None:
    with Service(judging(str.isascii)) as service:
        result = started(
            *("--target", service.url, "--shape", "json", "--rate", "100", "--for", "1s", "--slo", "p99<9s"),
            *("--policy", "hate", "--operator", "homoglyph", "--evolve", "1", "--deadline", "10s"),
        )
    assert result.exit_code == 0, result.exception
    assert "p99<9s: 100.0/s held" in result.stdout
    assert "attack success by epoch" in result.stdout
    assert "attack success by strength\nhomoglyph" in result.stdout


def test_nobody_there_is_an_error_of_every_request() -> None:
    told = figures("--target", "http://127.0.0.1:9/", "--rate", "50", "--for", "1s")
    assert told["errors"] == {"connection_refused": told["requests"]}
    assert told["policies"] == {}


def test_a_stall_shows_in_the_open_loop_for_everybody_it_kept_waiting(
    truth: dict[str, tuple[bool, bool]],
) -> None:
    state = {"until": 0.0, "asked": 0}

    async def handler(request: web.Request) -> web.Response:
        await request.read()
        loop = asyncio.get_running_loop()
        state["asked"] += 1
        if state["asked"] == 300:
            state["until"] = loop.time() + 1.0
        await asyncio.sleep(max(0.0, state["until"] - loop.time()))
        return web.json_response({"flagged": False})

    with Service(handler) as service:
        told = figures("--target", service.url, "--arrivals", "constant")
    # A third of a second's requests wait more than two thirds of the stall: far more than one in a hundred.
    assert told["latency_ms"]["p99"] > 600


def test_attackers_can_race_against_the_service() -> None:
    with Service(judging(lambda text: text.isascii())) as service:
        told = figures(
            *("--target", service.url, "--policy", "hate", "--rate", "400", "--for", "1s", "--evolve", "3")
        )["race"]
    assert [one["epoch"] for one in told["epochs"]] == [0, 1, 2]
    assert all(one["answered"] == 250 for one in told["epochs"])
    assert told["epochs"][-1]["success"] > told["epochs"][0]["success"]
    assert told["epochs"][-1]["fpr_disguised"] is not None


def test_the_report_can_be_read_by_somebody_who_must_decide(oracle: str, tmp_path: Path) -> None:
    page = tmp_path / "deep" / "report.html"
    told = figures("--target", oracle, "--report", str(page))
    html = page.read_text("utf-8")
    for words in (
        "Moderation load test",
        "By policy",
        "By disguise",
        "Plain talk",
        "Campaigns",
        "harassment",
    ):
        assert words in html
    assert html.count("<svg") >= 4
    assert not re.search(r'(?:src|href)="https?://', html)
    assert json.loads(page.with_suffix(".json").read_text("utf-8")) == told
