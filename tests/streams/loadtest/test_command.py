"""``greenroom loadtest recommender`` as a user starts it: JSON, report, gates, and what wrong flags tell."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from typer.testing import CliRunner, Result

from streams.commands.loadtest import loadtest
from streams.exits import FailedChecksError, UsageError
from tests.streams.loadtest.service import Service
from tests.streams.loadtest.test_recommender import right, serving

SMALL = ("video_service", "--viewers", "20000", "--set", "catalog.launches=[]")
SHORT = ("--rate", "150", "--for", "1s", "--deadline", "5s")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Service(serving(right)) as service:
        yield service.url


def started(*arguments: str) -> Result:
    return CliRunner().invoke(loadtest, ["recommender", *arguments])


def figures(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_json_has_what_the_contract_of_the_command_says(url: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    result = started(*SMALL, *SHORT, "--target", url, "--json", "--report", str(page), "--slo", "p99<20s")
    assert result.exit_code == 0, result.exception
    told = figures(result)
    for name in ("lateness_ms", "latency_ms"):
        assert told[name].keys() == {"p50", "p95", "p99", "p99.9", "max"}
    assert {"offered_rate", "achieved_rate", "slates", "fallbacks", "outcomes"} <= told.keys()
    assert {"ctr", "watch_seconds", "coverage", "gini", "by_group"} <= told["outcomes"].keys()
    # Whether a second at this rate counts as held depends on how busy the machine is; that it was judged does not.
    assert [step["rate"] for step in told["sustainable"]["steps"]] == [150]
    assert told["slates"] == told["requests"] > 100
    assert json.loads(page.with_suffix(".json").read_text()) == told
    html = page.read_text()
    for words in (
        "Recommender load test",
        "Highest sustainable rate",
        "Groups of viewers",
        "Cold start",
        "europe",
    ):
        assert words in html
    assert html.count("<svg") == 7


def test_a_report_of_a_target_that_answers_nothing_can_be_read(tmp_path: Path) -> None:
    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=503, headers={"Retry-After": "1"})

    with Service(refuse) as service:
        page = tmp_path / "report.html"
        result = started(*SMALL, *SHORT, "--target", service.url, "--report", str(page))
    assert result.exit_code == 0, result.exception
    assert "fallback http_503" in result.stdout
    assert "http_503" in page.read_text()
    assert "asked for a later retry" in page.read_text()


def test_broken_gates_end_with_1_and_are_named(url: str) -> None:
    gates = ("--fail-if", "outcomes.ctr>=0", "--fail-if", "errors.timeout>0", "--fail-if", "slates<1")
    result = started(*SMALL, *SHORT, "--target", url, "--json", *gates)
    assert isinstance(result.exception, FailedChecksError)
    (line,) = str(result.exception).splitlines()
    assert line.startswith("outcomes.ctr>=0: outcomes.ctr is 0.")
    assert figures(result)["failed"] == [line]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--target", "http://127.0.0.1:1/"), "give --rate, --ramp or both"),
        (("--target", "http://127.0.0.1:1/", "--rate", "5", "--fail-if", "latency.p99>1"), "Did you mean"),
        (
            ("--target", "http://127.0.0.1:1/", "--rate", "5", "--fail-if", "errors.tmeout>1"),
            "errors.timeout",
        ),
        (
            (
                "--target",
                "http://127.0.0.1:1/",
                "--rate",
                "5",
                "--fail-if",
                "outcomes.by_group.region.mars.ctr<1",
            ),
            "nothing is called 'outcomes.by_group.region.mars.ctr'",
        ),
        (("--target", "http://127.0.0.1:1/", "--rate", "5", "--slo", "p98<1s"), "--slo"),
        (("--target", "http://127.0.0.1:1/", "--rate", "5", "--arrivals", "bursty"), "poisson or constant"),
        (("--target", "http://127.0.0.1:1/", "--rate", "5", "--mapping", "none.yaml"), "none.yaml"),
        (("--target", "kafka:a,b", "--rate", "5"), "give --broker"),
    ],
)
def test_wrong_flags_are_told_before_the_test_begins(arguments: tuple[str, ...], told: str) -> None:
    result = started(*SMALL, *arguments)
    assert isinstance(result.exception, UsageError), result.output
    assert result.exception.exit_code == 64
    assert told in str(result.exception)


def test_the_contract_is_printed() -> None:
    result = CliRunner().invoke(loadtest, ["contract"])
    assert result.exit_code == 0
    assert "/recommend" in json.loads(result.stdout)["paths"]
