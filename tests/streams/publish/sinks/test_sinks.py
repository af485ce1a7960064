"""All sinks say the same."""

import json
import re
from pathlib import Path
from threading import Event
from typing import Any

import polars as pl
import pytest

from sim.events import KINDS, RecordKind
from sim.testing import tiny_scenario
from streams.exits import UsageError
from streams.publish.sinks.flags import chosen_sinks
from streams.publish.sinks.jsonl import JsonLines
from streams.publish.sinks.null import Null
from streams.publish.sinks.opening import open_sinks
from streams.publish.sinks.parquet import Parquet
from streams.publish.sinks.plan import RunFacts
from streams.publish.sinks.rolling import Rolling
from streams.publish.sinks.shelf import Shelf
from streams.publish.sinks.sink import RecordSink, TickSink
from streams.publish.sinks.stdout import Stdout
from tests.streams.publish.conftest import Memory, codec_of, run_of


@pytest.fixture(scope="module")
def codec() -> Any:
    return codec_of(tiny_scenario())


def test_json_lines_are_the_records(hour: Memory, tmp_path: Path) -> None:
    (tmp_path / "content.jsonl").write_text("from another run")
    (tmp_path / "dead_letters.jsonl").write_text("from another run")
    (tmp_path / "notes.txt").write_text("mine")
    run_of(JsonLines(Shelf(str(tmp_path)))).play()
    assert {path.name for path in tmp_path.iterdir()} == {f"{topic}.jsonl" for topic in hour.lines()} | {
        "audit.jsonl",
        "notes.txt",
    }
    for topic, lines in hour.lines().items():
        assert (tmp_path / f"{topic}.jsonl").read_bytes().splitlines() == lines
    (closed,) = (tmp_path / "audit.jsonl").read_text().splitlines()
    assert json.loads(closed) == hour.proofs[-1] | {"event_id": json.loads(closed)["event_id"]}


def test_standard_output_has_every_record_on_a_line(
    hour: Memory, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    run_of(Stdout()).play()
    told = capfdbinary.readouterr().out.splitlines()
    assert sorted(told) == sorted(line for lines in hour.lines().values() for line in lines)


def test_nowhere_counts_the_same_bytes(hour: Memory, codec: Any) -> None:
    sink = Null(codec)
    run = run_of(sink)
    run.play()
    assert sink.bytes == sum(len(line) for lines in hour.lines().values() for line in lines)
    assert run.summary()["by_topic"] == {topic: len(lines) for topic, lines in hour.lines().items()}
    assert run.summary()["simulated_until"] == hour.proofs[-1]["at"]


def readable(row: dict[str, Any], kind: RecordKind) -> dict[str, Any]:
    """A row of a Parquet file as the JSON record would say it."""
    told: dict[str, Any] = {
        "kind": kind.name,
        "occurred_at": int(row["occurred_at"].timestamp() * 1000 + 0.5),
    }
    told |= {name: row[name] for name in ("event_id", "schema_version", "synthetic")}
    for field in kind.fields:
        value = row[field.name]
        if field.type == "json":
            value = None if value is None else json.loads(value)
        if value is not None:
            told[field.name] = value
    return told


def test_parquet_holds_the_same_records(hour: Memory, tmp_path: Path, codec: Any) -> None:
    stale = tmp_path / "journeys" / "like" / "part-20250101T000000Z-0of1.parquet"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"from another run")
    run_of(Parquet(Shelf(str(tmp_path)), codec.tag, codec.vocabularies)).play()
    assert not stale.exists()
    records = {
        json.loads(line)["event_id"]: json.loads(line) for lines in hour.lines().values() for line in lines
    }
    found = 0
    for kind in KINDS:
        folder = tmp_path / kind.topic / kind.name
        if not folder.exists():
            continue
        table = pl.read_parquet(folder / "*.parquet")
        assert table["occurred_at"].is_sorted()
        found += len(table)
        for row in table.to_dicts():
            told = readable(row, kind)
            meant = records[told["event_id"]]
            assert told.pop("propensity", 0) == pytest.approx(meant.pop("propensity", 0), abs=1e-6)
            assert told == meant
    assert found == len(records)


def test_parquet_is_written_in_parts_that_share_a_folder_with_other_shards(
    tmp_path: Path, codec: Any
) -> None:
    neighbour = tmp_path / "journeys" / "impression" / "part-20250101T000000Z-1of2.parquet"
    neighbour.parent.mkdir(parents=True)
    neighbour.write_bytes(b"of another shard")
    rolling = Rolling(every=0, size=400)
    sink = Parquet(Shelf(str(tmp_path)), codec.tag, codec.vocabularies, (0, 2), rolling)
    run_of(sink, shard=(0, 2)).play()
    assert neighbour.read_bytes() == b"of another shard"
    neighbour.unlink()
    parts = sorted((tmp_path / "journeys" / "impression").iterdir())
    assert all(re.fullmatch(r"part-\d{8}T\d{6}Z-0of2\.parquet", path.name) for path in parts)
    tables = [pl.read_parquet(path) for path in parts]
    assert len(parts) > 2
    assert all(len(table) >= 400 for table in tables[:-1])
    assert pl.concat(tables)["occurred_at"].is_sorted()
    assert sink.bytes == sum(path.stat().st_size for path in tmp_path.rglob("*.parquet"))


@pytest.mark.parametrize(
    ("text", "kind", "paced"),
    [
        ("null", Null, False),
        ("stdout", Stdout, True),
        ("jsonl:{}", JsonLines, True),
        ("parquet:{}", Parquet, False),
    ],
)
def test_a_sink_is_known_by_its_name(text: str, kind: type, paced: bool, tmp_path: Path, codec: Any) -> None:
    facts = RunFacts(codec, {}, 7, "/greenroom/tiny", (0, 1), 0)
    chosen = chosen_sinks([text.format(tmp_path / "new")])
    sink: RecordSink | TickSink = open_sinks(chosen, facts, None, stop=Event())
    assert isinstance(sink, kind)
    assert isinstance(sink, TickSink) is not paced


def test_a_folder_that_is_none_is_told(tmp_path: Path, codec: Any) -> None:
    file = tmp_path / "file"
    file.write_text("")
    facts = RunFacts(codec, {}, 7, "/greenroom/tiny", (0, 1), 0)
    for name in ("jsonl", "parquet"):
        with pytest.raises(UsageError, match=re.escape(f"--sink {name}: {file} is no folder to write in")):
            open_sinks(chosen_sinks([f"{name}:{file}"]), facts, None, stop=Event())
