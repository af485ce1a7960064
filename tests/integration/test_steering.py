"""A running fleet is steered: all shards at the same tick or none, and the record of it gives the same bytes again."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import orjson
import pytest
from click.testing import Result
from confluent_kafka import Producer
from typer.testing import CliRunner

from sim.durations import HOUR, MINUTE
from sim.pace import Pace
from sim.testing import tiny_scenario
from sim.world import World
from streams.cluster.administration import ensure_topics
from streams.commands.steer import steer
from streams.control.controls import Controls
from streams.control.propose import NobodyThereError, propose, roll_call
from streams.control.recording import log_of, recorded
from streams.exits import FailedChecksError, UsageError
from streams.metrics import CONTROL_BAD_MESSAGES
from streams.publish.schedule import Schedule
from streams.settings import ClusterSettings
from streams.topics import qualified

SCENARIO = tiny_scenario(media=[])
PACE = Pace.of(SCENARIO)
START = SCENARIO.start_ms
PATIENCE_S = 30.0


class Shard:
    """A shard whose ticks are held back until somebody lets them pass."""

    def __init__(self, settings: ClusterSettings, run: str, number: int, *, resumed: bool = False) -> None:
        self.controls = Controls(settings, run, (number, 2), resumed=resumed, hold_s=1.0)
        self.stop = Event()
        self.world = World(SCENARIO, shard=(number, 2), pace=PACE, changes=self.controls.known())
        self.schedule = Schedule(None, 0)
        self.controls.attach(self.world, self.schedule, self.stop)
        self.ticks = self.controls.steered()
        self.told: list[tuple[int, str]] = []

    @property
    def at(self) -> int:
        return self.world.stage.tick * PACE.span

    def play(self, until: int) -> None:
        while self.at < until:
            tick = next(self.ticks)
            self.told += [
                (tick.at, name)
                for batch in tick.on("truth")
                if batch.kind.name == "steering"
                for name in batch.columns["name"]
            ]

    @property
    def arrivals(self) -> float:
        return self.world.dials["arrivals"]

    def end(self) -> None:
        self.stop.set()
        self.controls.close()


@pytest.fixture
def fleet(embedded_broker: ClusterSettings, run_name: str) -> Iterator[list[Shard]]:
    ensure_topics(embedded_broker, run_name, partitions=1)
    shards = [Shard(embedded_broker, run_name, number) for number in (0, 1)]
    yield shards
    for shard in shards:
        shard.end()


TWICE = {"kind": "dial", "dial": "arrivals", "factor": 2}


def test_all_shards_change_at_the_same_tick(
    fleet: list[Shard], embedded_broker: ClusterSettings, run_name: str
) -> None:
    fleet[0].play(START + HOUR)
    outcome = propose(embedded_broker, run_name, {**TWICE, "at": "2026-01-05T01:32:00Z"})
    assert outcome.in_force
    assert outcome.at == START + 95 * MINUTE
    assert outcome.answers == {"0/2": "accepted", "1/2": "accepted"}
    for shard in fleet:
        shard.play(outcome.at - PACE.span)
        assert shard.arrivals == 1
        shard.play(outcome.at + PACE.span)
        assert shard.arrivals == 2
    assert [one for shard in fleet for one in shard.told] == [(outcome.at, "arrivals")]


def test_what_is_too_late_for_one_shard_is_made_in_none(
    fleet: list[Shard], embedded_broker: ClusterSettings, run_name: str
) -> None:
    fleet[0].play(START + HOUR)
    outcome = propose(embedded_broker, run_name, {**TWICE, "at": START + 30 * MINUTE})
    assert not outcome.in_force
    assert outcome.earliest == START + HOUR
    assert (
        "shard 0/2: 2026-01-05T00:30:00Z is too late; the earliest time is 2026-01-05T01:00:00Z"
        in outcome.reason
    )
    for shard in fleet:
        shard.play(START + 2 * HOUR)
        assert shard.arrivals == 1


def test_without_a_time_it_is_soon_and_after_the_foremost(
    fleet: list[Shard], embedded_broker: ClusterSettings, run_name: str
) -> None:
    fleet[1].play(START + HOUR)
    assert [shard.earliest for shard in roll_call(embedded_broker, run_name)] == [START, START + HOUR]
    outcome = propose(embedded_broker, run_name, TWICE, after=10 * MINUTE)
    assert outcome.in_force
    assert outcome.at >= START + HOUR + 10 * MINUTE


def test_a_dead_shard_keeps_all_from_changing(
    fleet: list[Shard], embedded_broker: ClusterSettings, run_name: str
) -> None:
    # It hears no more, but never said that it had ended: as after kill -9.
    fleet[1].controls._seat._leaving.set()
    fleet[1].controls._seat._thread.join()
    outcome = propose(embedded_broker, run_name, {**TWICE, "at": START + HOUR}, patience_s=2)
    assert not outcome.in_force
    assert outcome.reason == "no answer within 2 s of shard 1/2"
    fleet[0].play(START + 2 * HOUR)
    assert fleet[0].arrivals == 1
    with pytest.raises(NobodyThereError, match=r"no answer within 2 s of shard 1/2"):
        propose(embedded_broker, run_name, TWICE, patience_s=2)


def test_who_proposed_may_vanish(fleet: list[Shard], embedded_broker: ClusterSettings, run_name: str) -> None:
    fleet[1].controls._seat._leaving.set()
    fleet[1].controls._seat._thread.join()
    change = {**TWICE, "at": START + HOUR}
    write(embedded_broker, run_name, {"kind": "proposed", "id": "orphan", "of": 2, "change": change})
    # The shard that accepted comes to the time, waits, and calls for an end.
    until(lambda: "orphan" in fleet[0].controls._voter.held)
    fleet[0].play(START + 2 * HOUR)
    assert fleet[0].arrivals == 1
    assert log_of(embedded_broker, run_name)[-1]["kind"] == "withdrawn"


def test_whoever_resumes_knows_what_was_decided(
    fleet: list[Shard], embedded_broker: ClusterSettings, run_name: str
) -> None:
    fleet[1].play(START + 30 * MINUTE)
    assert propose(embedded_broker, run_name, {**TWICE, "at": START + HOUR}).in_force
    again = Shard(embedded_broker, run_name, 1, resumed=True)
    for shard in (fleet[0], again):
        shard.play(START + 2 * HOUR)
        assert shard.arrivals == 2
    anew = Shard(embedded_broker, run_name, 1)
    anew.play(START + 2 * HOUR)
    assert anew.arrivals == 1
    for shard in (again, anew):
        shard.end()


def test_a_pause_stands_still_until_it_is_ended(
    fleet: list[Shard], embedded_broker: ClusterSettings, run_name: str
) -> None:
    paused = propose(embedded_broker, run_name, {"kind": "pause", "at": START + HOUR})
    assert paused.in_force
    players = [Thread(target=shard.play, args=(START + 90 * MINUTE,)) for shard in fleet]
    for player in players:
        player.start()
    until(lambda: all(shard.at == START + HOUR for shard in fleet))
    late = propose(embedded_broker, run_name, {"kind": "resume", "at": START + 70 * MINUTE})
    assert "time does not stand still then" in late.reason
    assert [shard.at for shard in fleet] == [START + HOUR] * 2
    resumed = propose(embedded_broker, run_name, {"kind": "resume"})
    assert resumed.in_force
    assert resumed.at == START + HOUR
    for player in players:
        player.join(PATIENCE_S)
    assert [shard.at for shard in fleet] == [START + 90 * MINUTE] * 2
    with pytest.raises(UsageError, match="is not paused"):
        propose(embedded_broker, run_name, {"kind": "resume"})


def test_names_cannot_be_given_twice_and_must_be_known(
    fleet: list[Shard], embedded_broker: ClusterSettings, run_name: str
) -> None:
    raid = {"kind": "campaign", "campaign": {"kind": "brigading", "name": "raid", "accounts": 5}}
    assert propose(embedded_broker, run_name, raid).in_force
    assert "campaign 'raid' is there already" in propose(embedded_broker, run_name, raid).reason
    assert propose(embedded_broker, run_name, {"kind": "stop_campaign", "campaign": "raid"}).in_force
    nobody = propose(embedded_broker, run_name, {"kind": "stop_campaign", "campaign": "vouches"})
    assert "unknown campaign 'vouches'" in nobody.reason
    assert "Did you mean 'vouchers'" in nobody.reason
    with pytest.raises(UsageError, match=r"unknown dial 'arivals'.*Did you mean 'arrivals'"):
        propose(embedded_broker, run_name, {**TWICE, "dial": "arivals"})


NO_MESSAGES = [
    b"",
    b"\xff\xfe",
    b"null",
    b"[]",
    b'{"kind": "proposed"}',
    b'{"kind": "stop everything", "id": "b1"}',
    b'{"kind": "proposed", "id": "b2", "of": 2, "change": {"kind": "dial", "dial": "nothing", "at": 0}}',
    b'{"kind": "accepted", "id": "b3", "shard": -1, "of": 2, "by": "x"}',
    orjson.dumps({"kind": "withdrawn", "id": "x", "reason": "y" * 100_000}),
    b'{"kind": "joined", "shard": 0, "of": 2, "by": "x", "resumed": 1e400}',
    b"[" * 50_000,
]


def test_what_is_no_message_is_counted_and_answered_and_harms_nobody(
    fleet: list[Shard], embedded_broker: ClusterSettings, run_name: str, caplog: pytest.LogCaptureFixture
) -> None:
    counted = CONTROL_BAD_MESSAGES._value.get()
    for value in (*NO_MESSAGES, None):
        write(embedded_broker, run_name, value)
    assert propose(embedded_broker, run_name, TWICE).in_force
    refused = Counter(
        entry["id"] for entry in log_of(embedded_broker, run_name) if entry["kind"] == "refused"
    )
    assert refused == {"b1": 2, "b2": 2, "b3": 2}
    assert CONTROL_BAD_MESSAGES._value.get() - counted == 2 * (len(NO_MESSAGES) + 1)
    assert sum("is no message" in record.message for record in caplog.records) == 2


def test_a_run_that_is_not_there_is_told(embedded_broker: ClusterSettings, run_name: str) -> None:
    with pytest.raises(NobodyThereError, match="has no topic"):
        propose(embedded_broker, run_name, TWICE)
    ensure_topics(embedded_broker, run_name, partitions=1)
    with pytest.raises(NobodyThereError, match="has ever listened"):
        propose(embedded_broker, run_name, TWICE)


def test_the_command_says_what_came_of_it(
    fleet: list[Shard], embedded_broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    def steered(*arguments: str) -> Result:
        here = ["--broker", embedded_broker.bootstrap, "--run", run_name]
        return CliRunner().invoke(steer, [*here, *arguments])

    fleet[0].play(START + 30 * MINUTE)
    done = steered("dial", "arrivals", "2.5", "--at", "2026-01-05T01:00:00Z", "--json")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["in_force"], told["at"]) == (True, "2026-01-05T01:00:00Z")
    assert told["answers"] == {"0/2": "accepted", "1/2": "accepted"}
    late = steered("dial", "arrivals", "--level", "1", "--at", "2026-01-05T00:10:00Z")
    assert isinstance(late.exception, FailedChecksError)
    assert "the earliest time is 2026-01-05T00:30:00Z" in str(late.exception)
    file = tmp_path / "raid.yaml"
    file.write_text("{kind: brigading, name: raid, accounts: 5}")
    assert steered("campaign", str(file), "--in", "10m").exit_code == 0
    assert "no pace to hold it" in str(steered("rate", "100").exception)
    assert "exclude each other" in str(steered("pause", "--at", "2026-01-06", "--in", "1m").exception)
    assert "must be a mapping" in str(steered("shift", "sudden").exception)
    assert "must be max, or a factor" in str(steered("speed", "fast").exception)
    log = tmp_path / "log.jsonl"
    log.write_text(steered("log").stdout)
    assert [change.kind for change in recorded(log)] == ["dial", "campaign"]


@contextmanager
def greenroom(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "streams", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def lines_of(folder: Path) -> Counter[bytes]:
    files = [file for file in folder.rglob("*.jsonl") if not file.name.startswith("audit")]
    return Counter(line for file in files for line in file.read_bytes().splitlines())


def test_a_steered_run_is_acted_out_again_byte_for_byte(
    embedded_broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    small = ["short_video", "--viewers", "600", "--for", "2h"]
    here = ["--broker", embedded_broker.bootstrap, "--run", run_name, "--partitions", "1"]
    with ExitStack() as stack:
        shards = [
            stack.enter_context(
                greenroom(
                    *("run", *small, *here, "--shard", f"{number}/2", "--speed", "120x"),
                    *("--sink", "kafka", "--sink", f"jsonl:{tmp_path / str(number)}"),
                    *("--checkpoints", str(tmp_path / "checkpoints")),
                )
            )
            for number in (0, 1)
        ]
        until(
            lambda: (
                any(shard.poll() is not None for shard in shards) or joined(embedded_broker, run_name) == 2
            ),
            4 * PATIENCE_S,
            look_s=1.0,
        )
        campaign = {"kind": "copy_paste", "name": "raid", "accounts": 5, "every": "5m"}
        for change in (TWICE, {"kind": "campaign", "campaign": campaign}, {"kind": "speed", "speed": "max"}):
            outcome = propose(embedded_broker, run_name, change, patience_s=PATIENCE_S)
            assert outcome.in_force, outcome.reason
        for shard in shards:
            _, told = shard.communicate(timeout=4 * PATIENCE_S)
            assert shard.returncode == 0, told
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps(entry) + "\n" for entry in log_of(embedded_broker, run_name)))
    assert [change.kind for change in recorded(log)] == ["dial", "campaign", "speed"]
    with greenroom(
        *("run", *small, "--sink", f"jsonl:{tmp_path / 'again'}", "--speed", "max", "--replay", str(log))
    ) as again:
        _, told = again.communicate(timeout=4 * PATIENCE_S)
        assert again.returncode == 0, told
    first = lines_of(tmp_path / "0") + lines_of(tmp_path / "1")
    assert first == lines_of(tmp_path / "again")
    assert sum(b'"kind":"steering"' in line for line in first) == 3
    assert sum(b'"campaign":"raid"' in line for line in first) > 5


def joined(settings: ClusterSettings, run: str) -> int:
    try:
        return sum(entry["kind"] == "joined" for entry in log_of(settings, run))
    except UsageError:
        return 0  # the topic is not there yet


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    with pytest.raises(UsageError, match="No such file"):
        recorded(file)
    file.write_text('{"kind": "joined"}\n')
    with pytest.raises(
        UsageError, match=r"line 1: .*a file is expected that `greenroom steer log` has printed"
    ):
        recorded(file)


def write(settings: ClusterSettings, run: str, value: object) -> None:
    raw = value if isinstance(value, bytes) or value is None else orjson.dumps(value)
    producer = Producer(settings.librdkafka())
    producer.produce(qualified(run, "control"), raw, b"test")
    producer.flush(PATIENCE_S)


def until(done: Callable[[], bool], patience_s: float = PATIENCE_S, look_s: float = 0.05) -> None:
    end = time.monotonic() + patience_s
    while not done():
        assert time.monotonic() < end
        time.sleep(look_s)
