"""``greenroom audit`` against brokers: what was planted is found, and nothing else."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from streams.exits import BrokerUnavailableError
from streams.settings import ClusterSettings
from streams.watch.feed import Feed
from tests.streams.watch.publishing import RECENT, create, publish
from tests.streams.watch.recorded_run import Record, RecordedRun, busy_run


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from streams.cli import main; main()", "audit", *arguments]


def audited(settings: ClusterSettings, run: str, *arguments: str) -> tuple[int, dict[str, Any], str]:
    done = subprocess.run(
        command("--broker", settings.bootstrap, "--run", run, "--settle", "2s", "--json", *arguments),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


def test_a_clean_run_is_proven(broker: ClusterSettings, run_name: str) -> None:
    run = busy_run(1, start=RECENT, count=3000, shards=2)
    create(broker, run_name)
    publish(broker, run_name, run.records, run.progress())
    code, verdict, said = audited(broker, run_name)
    assert code == 0, said
    assert verdict["proven"]
    assert verdict["published"] == verdict["audited"] == len(run.records)
    assert set(verdict["topics"]) == {"journeys", "content", "truth"}


def test_planted_faults_are_counted(broker: ClusterSettings, run_name: str) -> None:
    run = busy_run(2, start=RECENT, count=2000)
    progress = run.progress()
    last = run.records[-1]
    kept = [*run.records[:100], *run.records[104:], *run.records[:3]]
    create(broker, run_name)
    publish(broker, run_name, [*kept, _spoiled(run, last.partition)], progress)
    code, verdict, said = audited(broker, run_name)
    assert code == 1
    counts = {
        name: verdict[name] for name in ("lost", "duplicated", "reordered", "late", "corrupted", "pending")
    }
    assert counts == {"lost": 4, "duplicated": 3, "reordered": 0, "late": 0, "corrupted": 1, "pending": 0}
    assert "4 lost, 3 duplicated, 1 corrupted" in said.replace(";", ",")
    assert sum(last - first + 1 for loss in verdict["missing"] for first, last in loss["ranges"]) == 4


def _spoiled(run: RecordedRun, partition: int) -> Record:
    return replace(run.records[-1], partition=partition, value=b'{"event_id":"7f3aj00000-00000000x')


def test_a_backlog_beyond_what_one_answer_should_hold_is_read(
    embedded_broker: ClusterSettings, run_name: str
) -> None:
    run = RecordedRun()
    for step in range(160):
        run.emit("journeys", 0, step, RECENT + step, "play", padding="x" * 800_000)
    create(embedded_broker, run_name)
    publish(embedded_broker, run_name, run.records, run.progress())
    code, verdict, said = audited(embedded_broker, run_name)
    assert code == 0, said
    assert verdict["audited"] == 160


def test_following_ends_when_the_last_shard_closes(broker: ClusterSettings, run_name: str) -> None:
    run = busy_run(3, start=RECENT, count=1500, shards=2)
    create(broker, run_name)
    half = run.records[:700]
    publish(broker, run_name, half, run.progress(closed=False, told=half))
    arguments = command(
        "--broker", broker.bootstrap, "--run", run_name, "--settle", "1s", "--follow", "--json"
    )
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
        time.sleep(3)
        assert reader.poll() is None, "it follows, though nothing came for longer than it takes to settle"
        publish(broker, run_name, run.records[700:], run.progress())
        out, said = reader.communicate(timeout=60)
    assert reader.returncode == 0, said
    assert json.loads(out)["audited"] == len(run.records)


def until_heard(pid: int, number: signal.Signals) -> None:
    """Wait until a process has a handler of its own for a signal, however long the machine takes to start it."""
    end = time.monotonic() + 60
    while not _caught(pid) >> (number - 1) & 1:
        assert time.monotonic() < end, "no handler"
        time.sleep(0.1)


def _caught(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("SigCgt"))


def test_an_interrupted_audit_proves_nothing(embedded_broker: ClusterSettings, run_name: str) -> None:
    run = busy_run(4, start=RECENT)
    create(embedded_broker, run_name)
    publish(embedded_broker, run_name, run.records, run.progress(closed=False))
    arguments = command("--broker", embedded_broker.bootstrap, "--run", run_name, "--follow", "--json")
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
        until_heard(reader.pid, signal.SIGTERM)
        reader.send_signal(signal.SIGTERM)
        out, said = reader.communicate(timeout=30)
    assert reader.returncode == 1
    assert json.loads(out)["lost"] == 0
    assert "have not closed: 0/1" in said
    assert "Traceback" not in said


def test_a_run_that_is_not_there(embedded_broker: ClusterSettings) -> None:
    code, _, said = audited(embedded_broker, "nobody")
    assert code == 64
    assert "no topic of run 'nobody'" in said


@pytest.mark.parametrize("bad", [["--settle", "soon"], ["--settle", "0s"], ["--late-after", "-"]])
def test_bad_spans_are_named(bad: list[str]) -> None:
    done = subprocess.run(
        command("--broker", "localhost:1", *bad), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 64
    assert bad[0] in done.stderr
    assert "Traceback" not in done.stderr


def test_no_broker() -> None:
    with (
        Feed(ClusterSettings(bootstrap="127.0.0.1:9"), "any", ["journeys"], patience_s=1.5) as feed,
        pytest.raises(BrokerUnavailableError, match=r"127\.0\.0\.1:9"),
    ):
        feed.open()
