"""Whatever kills a run and however often: what was committed is what one unbroken run would have published."""

import itertools
import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import orjson
import pytest

from sim.pace import Pace
from sim.world import World
from streams.progress import Progress
from streams.publish.checkpoints import Checkpoints
from streams.publish.records import Records
from streams.publish.run import Run
from tests.streams.publish.conftest import Memory, run_of
from tests.streams.publish.test_run import HOUR, START, proven, told


class KilledError(Exception):
    """The process is gone."""


@dataclass
class Transactional(Memory):
    """Keeps what was committed; what was sent since is gone when the process is killed, after so many chunks."""

    dies_after: float = float("inf")
    open: list[tuple[float, Records]] = field(default_factory=list)
    sends: int = 0

    def send(self, records: Records) -> None:
        self.sends += 1
        if self.sends > self.dies_after:
            self.open.clear()
            raise KilledError
        self.open.append((self.clock.now, records))

    def progress(self, record: dict[str, Any]) -> None:
        self.chunks += self.open
        self.open.clear()
        super().progress(orjson.loads(orjson.dumps(record)))

    @property
    def last(self) -> Progress | None:
        return Progress.model_validate(self.proofs[-1]) if self.proofs else None


def resumed(sink: Transactional, **given: Any) -> Run:
    """A run that goes on from what the sink has committed."""
    checkpoints: Checkpoints | None = given.get("checkpoints")
    run = run_of(sink, resumed=sink.last, **given)
    address = sink.last.checkpoint if sink.last and checkpoints else None
    if checkpoints and address:
        saved = checkpoints.load(address)
        assert saved is not None
        scenario = run.world.scenario
        run.world = World(scenario, shard=run.world.shard, pace=Pace.of(scenario), checkpoint=saved)
    if checkpoints:
        checkpoints.go_on_from(address)
    return run


def kept_in(folder: Path, sink: Transactional) -> Checkpoints:
    return Checkpoints(str(folder), "trial", (0, 1), every_s=0.0, clock=sink.clock)


@pytest.mark.parametrize("speed", [None, 600.0])
@pytest.mark.parametrize("kept", [False, True], ids=["from-the-start", "from-checkpoints"])
@pytest.mark.parametrize("seed", range(2))
def test_killed_at_random_it_publishes_every_record_once(
    hour: Memory, speed: float | None, kept: bool, seed: int, tmp_path: Path
) -> None:
    chance, sink = random.Random(seed), Transactional()
    for _ in range(3):
        sink.sends, sink.dies_after = 0, chance.randrange(1, 40 if speed else 12)
        store = {"checkpoints": kept_in(tmp_path, sink)} if kept else {}
        with pytest.raises(KilledError):
            resumed(sink, speed=speed, **store).play()
    sink.dies_after = float("inf")
    run = resumed(sink, speed=speed, **({"checkpoints": kept_in(tmp_path, sink)} if kept else {}))
    run.play()
    assert sink.lines() == hour.lines()
    assert told(sink.proofs[-1]) == proven(sink) == told(hour.proofs[-1])
    assert (sink.proofs[-1]["at"], sink.proofs[-1]["kind"]) == (START + HOUR, "closed")
    ids = [proof["event_id"] for proof in sink.proofs]
    assert ids == sorted(set(ids))
    if kept:
        (last,) = (path for path in tmp_path.rglob("world.checkpoint"))
        assert last.parent.name == sink.proofs[-1]["checkpoint"]["sha256"]


@pytest.mark.parametrize("speed", [None, 600.0])
def test_stopped_and_resumed_it_is_the_same_run(hour: Memory, speed: float | None, tmp_path: Path) -> None:
    sink = Transactional()
    for chunk in (3, 2, 4):
        stop, sink.sends = Event(), 0
        sink.on_send = lambda: None
        run = resumed(sink, speed=speed, stop=stop, checkpoints=kept_in(tmp_path, sink))
        send = sink.send

        def counted(records: Records, stop: Event = stop, most: int = chunk, send: Any = send) -> None:
            send(records)
            if sink.sends >= most:
                stop.set()

        sink.send = counted  # type: ignore[method-assign]
        run.play()
        del sink.send  # type: ignore[method-assign]
        assert sink.proofs[-1]["kind"] == "closed"
        if speed is None:
            # The tick was finished, and the world kept as it was then: the next process goes on at once.
            assert sink.proofs[-1]["checkpoint"]["tick"] == sink.proofs[-1]["tick"] + 1
    resumed(sink, speed=speed, checkpoints=kept_in(tmp_path, sink)).play()
    assert sink.lines() == hour.lines()


def test_a_run_that_had_an_end_goes_on_beyond_it(hour: Memory, tmp_path: Path) -> None:
    sink = Transactional()
    for span in (1_234_567, 1_234_567, 2_500_001, HOUR):
        resumed(sink, span=span, checkpoints=kept_in(tmp_path, sink)).play()
    assert sink.lines() == hour.lines()


def test_a_resumed_run_keeps_its_pace_and_does_not_hurry_to_catch_up() -> None:
    sink = Transactional(dies_after=5)
    with pytest.raises(KilledError):
        run_of(sink, speed=600.0).play()
    last = sink.last
    assert last is not None
    sink.clock.now += 10_000
    sink.dies_after, before, began = float("inf"), len(sink.chunks), sink.clock.now
    run = run_of(sink, speed=600.0, backfill=last.at - START, span=START + HOUR - last.at, resumed=last)
    run.play()
    for now, records in sink.chunks[before:]:
        assert ((records.at - last.at) / 600_000 <= now - began + 1e-9).all()
    assert run.summary()["lateness"]["late_records"] == 0


def test_a_long_tick_is_committed_piece_by_piece_when_paced() -> None:
    sink = Transactional()
    run_of(sink, speed=1.0, span=HOUR // 12, commit_every_s=1.0).play()
    within = [proof for proof in sink.proofs if proof["tick"] == sink.proofs[0]["tick"]]
    assert len(within) > 50
    for earlier, later in itertools.pairwise(within):
        assert all(later["rows"].get(topic, 0) >= rows for topic, rows in earlier["rows"].items())
        assert later["at"] >= earlier["at"]
    sent = [json.loads(value)["occurred_at"] for _, records in sink.chunks for value in records.values]
    assert min(sent) >= START
    for proof in within:
        counts = dict.fromkeys(proof["rows"], 0)
        for part in proof["published"]:
            counts[part["topic"]] += part["count"]
        assert counts == proof["rows"]


def test_a_commit_never_holds_too_many_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.publish.commits._MOST_RECORDS", 100)
    monkeypatch.setattr("streams.publish.run._CHUNK", 40)
    held: list[int] = []

    class Watched(Transactional):
        def progress(self, record: dict[str, Any]) -> None:
            held.append(sum(len(records) for _, records in self.open))
            super().progress(record)

    sink = Watched()
    run_of(sink, commit_every_s=1e9).play()
    assert len(held) > 10
    assert max(held) <= 140


def test_a_store_that_cannot_be_written_is_told_and_ends_nothing(hour: Memory, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    sink, words = Transactional(), []
    store = Checkpoints(
        str(tmp_path / "file"), "trial", (0, 1), every_s=0.0, clock=sink.clock, tell=words.append
    )
    run_of(sink, checkpoints=store).play()
    assert sink.lines() == hour.lines()
    assert "checkpoint" not in sink.proofs[-1]
    assert any("no checkpoint: asset store" in word for word in words)


def test_a_checkpoint_that_is_damaged_or_gone_is_not_taken(tmp_path: Path) -> None:
    sink, words = Transactional(), []
    store = Checkpoints(str(tmp_path), "trial", (0, 1), every_s=0.0, clock=sink.clock, tell=words.append)
    run_of(sink, checkpoints=store).play()
    assert sink.last is not None
    address = sink.last.checkpoint
    assert address is not None
    assert store.load(address) is not None
    (file,) = tmp_path.rglob("world.checkpoint")
    file.write_bytes(file.read_bytes()[:-1])
    assert store.load(address) is None
    file.unlink()
    assert store.load(address) is None
    assert ["damaged" in word for word in words] == [True, False]
    assert address.uri in words[1]
