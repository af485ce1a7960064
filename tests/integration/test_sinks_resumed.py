"""A run that is killed and resumed has every event once in its files too, as in Kafka."""

import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from streams.cluster.embedded import EmbeddedBroker
from tests.streams.publish.program import Greenroom, records_of

SMALL = ("short_video", "--viewers", "900", "--set", "audience.block=128", "--seed", "7", "--for", "40m")


@pytest.mark.parametrize("every", ["0s", "1s"])
def test_files_beside_kafka_survive_kill_9(every: str, tmp_path: Path, run_name: str) -> None:
    kept = ("--checkpoints", f"{tmp_path}/checkpoints", "--checkpoint-every", every)
    files = (*kept, "--sink", "kafka", "--sink", f"jsonl:{tmp_path}/lines,topics=journeys,every=10m")
    files += ("--sink", f"parquet:{tmp_path}/columns,topics=journeys,every=10m")
    with EmbeddedBroker() as broker:
        target = ("--broker", broker.settings.bootstrap, "--run", run_name)
        first = tmp_path / "first"
        first.mkdir()
        with Greenroom(first, *SMALL, "--speed", "400x", *target, *files) as program:
            program.until_acknowledged(14_000)
            program.process.kill()
        with Greenroom(tmp_path, *SMALL, "--speed", "max", *target, *files, "--resume") as program:
            code, out, told = program.ended()
        assert code == 0, told
        # Whether a checkpoint was committed before the kill is up to the machine.
        assert every == "1s" or "its last checkpoint" not in told, told
        sent = Counter(
            json.loads(record.value)["event_id"]
            for record in records_of(broker.settings, run_name)["journeys"]
        )
    assert max(sent.values()) == 1
    lines = Counter(
        json.loads(line)["event_id"]
        for path in (tmp_path / "lines" / "journeys").iterdir()
        for line in path.read_bytes().splitlines()
    )
    tables = [
        pl.read_parquet(path, columns=["event_id"]) for path in (tmp_path / "columns").rglob("*.parquet")
    ]
    assert lines == sent
    assert Counter(pl.concat(tables)["event_id"].to_list()) == sent
    assert set(json.loads(out)["sinks"]) == {"jsonl", "parquet"}
