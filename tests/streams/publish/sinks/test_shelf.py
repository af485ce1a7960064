"""Files on any file system: whole or not there, named by time and shard, kept or written again by who comes later."""

import io
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import boto3
import fsspec
import polars as pl
import pytest
from moto.server import ThreadedMotoServer

from sim.pace import Pace
from sim.testing import tiny_scenario
from streams.exits import GreenroomError, UsageError
from streams.publish.sinks.flags import chosen_sinks
from streams.publish.sinks.opening import open_sinks
from streams.publish.sinks.plan import RunFacts
from streams.publish.sinks.rolling import FileNames
from streams.publish.sinks.shelf import Shelf
from streams.publish.sinks.sink import SinkUnavailableError
from tests.streams.publish.conftest import Memory, codec_of, run_of

HOUR = 3_600_000
START = tiny_scenario().start_ms


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of a server that speaks S3, and the environment in which clients find it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in (
        ("AWS_ENDPOINT_URL", f"http://{host}:{port}"),
        ("AWS_ACCESS_KEY_ID", "testing"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("NO_PROXY", "127.0.0.1"),
    ):
        monkeypatch.setenv(name, value)
    s3 = fsspec.get_filesystem_class("s3")
    s3.clear_instance_cache()
    boto3.client("s3").create_bucket(Bucket="greenroom")
    yield "greenroom"
    s3.clear_instance_cache()
    server.stop()


def facts(*, shard: tuple[int, int] = (0, 1), resumed_at: int | None = None) -> RunFacts:
    scenario = tiny_scenario()
    since = scenario.start_ms if resumed_at is None else resumed_at
    codec = codec_of(scenario)
    return RunFacts(
        codec, scenario.vocabularies(), 7, "/greenroom/tiny", shard, since, resumed_at is not None
    )


def opened(*flags: str, **about: Any) -> Any:
    return open_sinks(chosen_sinks(flags), facts(**about), None, stop=Event())


def test_an_object_store_holds_what_a_folder_would(
    bucket: str, hour_lines: dict[str, list[bytes]], tmp_path: Path
) -> None:
    flags = (f"jsonl:s3://{bucket}/lines,topics=content,audit", f"parquet:s3://{bucket}/columns,every=20m")
    sink = opened(*flags)
    run_of(sink).play()
    objects = boto3.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    names = {found["Key"] for found in objects}
    assert {name for name in names if not name.startswith("columns/")} == {
        "lines/audit.jsonl",
        "lines/content.jsonl",
    }
    body = boto3.client("s3").get_object(Bucket=bucket, Key="lines/content.jsonl")["Body"].read()
    assert body.splitlines() == hour_lines["content"]
    plays = sorted(name for name in names if name.startswith("columns/journeys/play/"))
    assert len(plays) == 3
    tables = [
        pl.read_parquet(io.BytesIO(boto3.client("s3").get_object(Bucket=bucket, Key=name)["Body"].read()))
        for name in plays
    ]
    meant = [json.loads(line) for line in hour_lines["journeys"]]
    assert pl.concat(tables)["event_id"].to_list() == [r["event_id"] for r in meant if r["kind"] == "play"]
    # Another run writes everything anew.
    run_of(opened(f"parquet:s3://{bucket}/columns,kinds=like")).play()
    again = boto3.client("s3").list_objects_v2(Bucket=bucket, Prefix="columns/")["Contents"]
    assert all(found["Key"].startswith("columns/journeys/like/") for found in again)


def test_a_bucket_that_is_missing_is_told_before_the_run(bucket: str) -> None:
    with pytest.raises(
        GreenroomError, match=r"--sink parquet: s3://nowhere/x cannot be written in: .*bucket"
    ):
        opened("parquet:s3://nowhere/x")


def test_an_unknown_scheme_is_told() -> None:
    with pytest.raises(UsageError, match=r"--sink jsonl: gopher://x .*Protocol not known: gopher"):
        opened("jsonl:gopher://x")


def test_what_is_in_memory_is_whole(hour_lines: dict[str, list[bytes]]) -> None:
    run_of(opened("jsonl:memory://sinks/a,every=1h")).play()
    files = fsspec.filesystem("memory")
    assert sorted(files.ls("/sinks/a", detail=False)) == sorted(
        f"/sinks/a/{topic}" for topic in (*hour_lines, "audit")
    )
    (content,) = files.ls("/sinks/a/content", detail=False)
    assert files.cat_file(content).splitlines() == hour_lines["content"]


def visible(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and ".partial" not in p.parts]


class Looking(Memory):
    """Looks at the files of another sink with every chunk."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder, self.seen = folder, dict[Path, int]()

    def send(self, records: Any) -> None:
        super().send(records)
        for path in visible(self.folder):
            size = path.stat().st_size
            assert self.seen.setdefault(path, size) == size, f"{path} grew after it appeared"
            if path.suffix == ".jsonl":
                assert path.read_bytes().endswith(b"}\n")
            else:
                pl.read_parquet(path)


def test_a_reader_never_sees_half_a_file_and_nothing_else_is_left(tmp_path: Path) -> None:
    flags = (
        f"jsonl:{tmp_path}/a,every=10m",
        f"jsonl:{tmp_path}/b,size=20000",
        f"parquet:{tmp_path}/c,every=10m",
    )
    looking = Looking(tmp_path)
    sink = open_sinks(chosen_sinks(["kafka", *flags]), facts(), looking, stop=Event())
    run_of(sink).play()
    assert looking.seen, "files appear while the run goes on"
    assert not list(tmp_path.rglob(".partial"))
    sizes = [path.stat().st_size for path in sorted((tmp_path / "b" / "journeys").iterdir())]
    assert len(sizes) > 2
    assert all(size >= 20_000 for size in sizes[:-1])


def test_what_a_killed_run_left_half_written_is_gone_after_the_next(tmp_path: Path) -> None:
    first = opened(f"jsonl:{tmp_path},every=10m")
    memory = Memory()
    run_of(memory, span=HOUR // 2).play()
    for _, records in memory.chunks[:3]:
        first.send(records)
    assert list((tmp_path / ".partial").iterdir())
    for opening in first._open.values():
        opening.file.close()
    run_of(opened(f"jsonl:{tmp_path},every=10m")).play()
    assert not (tmp_path / ".partial").exists()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in visible(folder)}


@pytest.mark.parametrize("sink", ["jsonl", "parquet"])
def test_who_resumes_writes_again_from_its_first_tick_and_keeps_the_rest(sink: str, tmp_path: Path) -> None:
    flag = f"{sink}:{tmp_path},every=10m,topics=journeys"
    run_of(opened(flag)).play()
    whole = contents(tmp_path)
    for shard in ((0, 2), (1, 2)):
        (tmp_path / "journeys").joinpath(FileNames(shard, f".{sink}").at(START)).write_text(
            "of another sharding"
        )
    span = Pace.of(tiny_scenario()).span
    since = START + HOUR // 2 // span * span
    opened(flag, resumed_at=since)
    kept = contents(tmp_path)
    stamp = FileNames((0, 1), "").at(since).split("Z")[0].removeprefix("part-")
    assert {name for name in whole if name.rsplit("/part-")[1] < stamp} == set(kept) & set(whole)
    assert 0 < len(set(kept) & set(whole)) < len(whole)
    assert len(set(kept) - set(whole)) == 2


def test_one_file_for_a_whole_run_cannot_be_resumed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot go on with files that end only with a run; give every=1h"):
        opened(f"jsonl:{tmp_path}", resumed_at=START)


def test_shards_share_a_folder(hour_lines: dict[str, list[bytes]], tmp_path: Path) -> None:
    for number in range(2):
        run_of(opened(f"jsonl:{tmp_path}", shard=(number, 2)), shard=(number, 2)).play()
    assert {path.name for path in tmp_path.iterdir()} >= {"journeys-0of2.jsonl", "journeys-1of2.jsonl"}
    lines = [
        line for n in range(2) for line in (tmp_path / f"journeys-{n}of2.jsonl").read_bytes().splitlines()
    ]
    assert sorted(lines) == sorted(hour_lines["journeys"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(UsageError, match="is no folder to write in: Permission denied"):
        opened(f"jsonl:{tmp_path}/x")


def test_a_file_that_cannot_take_its_place_is_told(tmp_path: Path) -> None:
    shelf = Shelf(str(tmp_path))
    draft = shelf.draft("journeys/one")
    draft.write_text("x")
    (tmp_path / "journeys").write_text("in the way")
    with pytest.raises(SinkUnavailableError, match="cannot take journeys/one: "):
        shelf.put(draft, "journeys/one")
