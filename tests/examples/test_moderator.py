"""The moderator that ships, as its README starts it: blind behind disguises, unless it normalises what it reads."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection
from typing import Any

import pytest
from typer.testing import CliRunner

from streams.cluster.processes import free_ports
from streams.commands.loadtest import loadtest
from streams.exits import FailedChecksError

pytest.importorskip("profanity_check", reason="alt-profanity-check is in the extra 'dev'")

PROGRAM = Path(__file__).parents[2] / "examples/moderator/service.py"
UNDONE, LEFT = ("homoglyph", "zero_width"), "leet"
EXAM = (
    *("--policy", "harassment", "--tier", "T2", "--no-campaigns", "--rate", "200", "--for", "6s"),
    *(part for name in (*UNDONE, LEFT) for part in ("--operator", name)),
    *("--deadline", "20s", "--json"),
)


@contextmanager
def serving(*flags: str) -> Iterator[str]:
    (port,) = free_ports(1)
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), "--port", str(port), *flags], stdout=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 60
        while not answers(port):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1/moderations"
    finally:
        process.terminate()
        process.wait(20)


def answers(port: int) -> bool:
    try:
        create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def examined(*flags: str) -> dict[str, Any]:
    with serving(*flags) as url:
        result = CliRunner().invoke(
            loadtest, ["moderation", "--target", url, *EXAM, "--fail-if", "attack_success.homoglyph>0.2"]
        )
    assert result.exception is None or isinstance(result.exception, FailedChecksError)
    told: dict[str, Any] = json.loads(result.stdout)
    return told


@pytest.fixture(scope="module")
def bare() -> dict[str, Any]:
    return examined()


@pytest.fixture(scope="module")
def guarded() -> dict[str, Any]:
    return examined("--normalise")


def success(told: dict[str, Any], operator: str, strength: str = "1") -> float:
    return float(told["operators"][operator]["attack_success"][strength]["value"])


def test_every_text_is_answered_and_undisguised_insults_are_found(
    bare: dict[str, Any], guarded: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    for told in (bare, guarded):
        assert told["errors"] == {}
        assert told["judged"] == told["requests"] > 1_000
        # Of the six mild insults the model does not know one.
        assert told["policies"]["harassment"]["recall"]["value"] > 0.75
    with capsys.disabled():
        print("\nattack success on the example moderator, bare / --normalise, by strength")
        for name in (*UNDONE, LEFT):
            pairs = (
                f"{s}: {success(bare, name, s):.2f} / {success(guarded, name, s):.2f}"
                for s in ("0.25", "0.5", "1")
            )
            print(f"{name:<12} {'   '.join(pairs)}")


@pytest.mark.parametrize("operator", UNDONE)
def test_what_normalisation_undoes_no_longer_passes(
    bare: dict[str, Any], guarded: dict[str, Any], operator: str
) -> None:
    assert success(bare, operator) > 0.7
    assert success(guarded, operator) < 0.1


def test_misspellings_pass_either_way(bare: dict[str, Any], guarded: dict[str, Any]) -> None:
    assert success(bare, LEFT) > 0.5
    assert success(guarded, LEFT) > 0.5


def test_a_gate_tells_the_two_apart(bare: dict[str, Any], guarded: dict[str, Any]) -> None:
    assert len(bare["failed"]) == 1
    assert "attack_success.homoglyph" in bare["failed"][0]
    assert guarded["failed"] == []
