"""All sinks say the same."""

import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.events import KINDS, RecordKind
from sim.names import UnknownNameError
from sim.testing import tiny_scenario
from streams.exits import UsageError
from streams.publish.sinks.jsonl import JsonLines
from streams.publish.sinks.null import Null
from streams.publish.sinks.parquet import Parquet
from streams.publish.sinks.sink import RecordSink, TickSink, sink_named
from streams.publish.sinks.stdout import Stdout
from tests.streams.publish.conftest import Memory, codec_of, run_of


@pytest.fixture(scope="module")
def hour() -> Memory:
    memory = Memory()
    run_of(memory).play()
    return memory


@pytest.fixture(scope="module")
def codec() -> Any:
    return codec_of(tiny_scenario())


def test_json_lines_are_the_records(hour: Memory, tmp_path: Path) -> None:
    (tmp_path / "content.jsonl").write_text("from another run")
    (tmp_path / "dead_letters.jsonl").write_text("from another run")
    (tmp_path / "notes.txt").write_text("mine")
    run_of(JsonLines(tmp_path)).play()
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
    stale = tmp_path / "journeys" / "like" / "part-00007.parquet"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"from another run")
    run_of(Parquet(tmp_path, codec.tag, codec._vocabularies)).play()
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


def test_parquet_is_written_in_parts(tmp_path: Path, codec: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.publish.sinks.parquet._ROWS_A_FILE", 400)
    run_of(Parquet(tmp_path, codec.tag, codec._vocabularies)).play()
    parts = sorted((tmp_path / "journeys" / "impression").iterdir())
    assert [path.name for path in parts] == [f"part-{number:05d}.parquet" for number in range(len(parts))]
    assert len(parts) > 2
    assert all(len(pl.read_parquet(path)) >= 400 for path in parts[:-1])


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
    sink: RecordSink | TickSink = sink_named(text.format(tmp_path / "new"), codec=codec, vocabularies={})
    assert isinstance(sink, kind)
    assert isinstance(sink, TickSink) is not paced


def test_wrong_sinks_are_told(tmp_path: Path, codec: Any) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown sink 'jsonnl'; known: .* Did you mean"):
        sink_named("jsonnl:x", codec=codec, vocabularies={})
    with pytest.raises(UsageError, match="--sink parquet:: a folder is missing; write parquet:DIR"):
        sink_named("parquet:", codec=codec, vocabularies={})
    file = tmp_path / "file"
    file.write_text("")
    for name in ("jsonl", "parquet"):
        with pytest.raises(
            UsageError, match=re.escape(f"--sink {name}:{file}: {file} is no folder to write in")
        ):
            sink_named(f"{name}:{file}", codec=codec, vocabularies={})
