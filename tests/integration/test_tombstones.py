"""Erasures through a broker: records without a value, accounted for like all others."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl

from streams.settings import ClusterSettings
from tests.streams.publish.program import Greenroom, records_of

ERASURES = ("--set", "audience.erasure.requests_per_year=300", "--set", "audience.erasure.grace=5m")
SCENARIO = ("short_video", "--viewers", "2500", "--seed", "7", "--set", "audience.block=512", *ERASURES)
PACE = ("--for", "30m", "--speed", "max")


def test_the_forgotten_end_in_tombstones_that_the_audit_counts(
    broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    target = ("--broker", broker.bootstrap, "--run", run_name)
    with Greenroom(tmp_path, *SCENARIO, *PACE, *target) as program:
        code, _, told = program.ended()
    assert code == 0, told
    audience = records_of(broker, run_name)["audience"]
    ends = [record for record in audience if record.value is None]
    assert len(ends) > 10
    assert len({dict(record.headers)["ce_id"] for record in ends}) == len(ends)
    asked = {
        record.key: json.loads(record.value)
        for record in audience
        if record.value is not None and b'"kind":"erasure_requested"' in record.value
    }
    for record in ends:
        request = asked[record.key]
        assert record.timestamp >= request["occurred_at"] + request["grace_ms"]
        assert not [r for r in audience if r.key == record.key and r.timestamp > record.timestamp]
    flags = ("--broker", broker.bootstrap, "--run", run_name, "--settle", "2s", "--json")
    command = [sys.executable, "-m", "streams", "audit", *flags]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["proven"]
    assert verdict["topics"]["audience"]["tombstones"] == len(ends)
    assert verdict["topics"]["audience"]["audited"] == len(audience)


def test_files_tell_who_was_erased(tmp_path: Path) -> None:
    for sink in ("jsonl", "parquet"):
        with Greenroom(tmp_path, *SCENARIO, *PACE, "--sink", f"{sink}:{tmp_path / sink}") as program:
            assert program.ended()[0] == 0
    lines = (tmp_path / "jsonl" / "audience.jsonl").read_bytes().splitlines()
    told = [json.loads(line) for line in lines if b'"kind":"erased"' in line]
    rows = pl.read_parquet(tmp_path / "parquet" / "audience" / "erased" / "*.parquet")
    assert len(told) > 10
    assert {record["user_id"] for record in told} == set(rows["user_id"])
    assert {record["event_id"] for record in told} == set(rows["event_id"])
