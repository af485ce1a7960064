"""Exactly once, on real brokers: killed, fenced, aborted or told to wait, a committed reader meets each event once."""

import json
import random
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from confluent_kafka import KafkaError
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from sim.pace import Pace
from sim.testing import tiny_scenario
from streams.cluster.administration import ensure_topics
from streams.commands.publishing import EndedError, KafkaTarget, assembled, kafka_sink
from streams.exits import BrokerUnavailableError, FencedError, UsageError
from streams.history import history_of
from streams.publish.resumption import last_progress
from streams.publish.run import Run
from streams.publish.sinks.kafka import Kafka
from streams.publish.transactions import Transactions
from streams.settings import ClusterSettings
from streams.topics import qualified
from streams.watch.auditing import audit_run
from streams.watch.intake import SOURCE_TOPICS
from tests.streams.publish.conftest import PARTITIONS, Memory, run_of
from tests.streams.publish.program import Greenroom, records_of

SCENARIO = ("short_video", "--viewers", "2500", "--seed", "7", "--set", "audience.block=512", "--for", "20m")
TINY = tiny_scenario()
OTHER = TINY.model_copy(update={"seed": 99, "audience": TINY.audience.model_copy(update={"slate": 3})})


def kafka(broker: ClusterSettings, run: str, **given: Any) -> Kafka:
    """A sink whose run keeps the wall clock."""
    settings: dict[str, Any] = {"partitions": PARTITIONS, "patience_s": 20.0, "throttle": float}
    sink = Kafka(broker, run, **(settings | given))
    sink.clock = time.monotonic  # type: ignore[attr-defined]
    return sink


def begun(broker: ClusterSettings, run: str) -> None:
    ensure_topics(broker, run, history=history_of(TINY))


def lines(broker: ClusterSettings, run: str) -> dict[str, Counter[bytes]]:
    """What a committed reader finds, by topic."""
    found = records_of(broker, run)
    return {
        topic: Counter(record.value for record in records)
        for topic, records in found.items()
        if topic != "audit"
    }


@pytest.fixture(scope="module")
def hour() -> dict[str, Counter[bytes]]:
    memory = Memory()
    run_of(memory).play()
    return {topic: Counter(values) for topic, values in memory.lines().items()}


def test_killed_three_times_the_audit_proves_every_event_once(
    real_broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    chance = random.Random(5)
    target = ("--broker", real_broker.bootstrap, "--run", run_name, "--speed", "120x", "--resume")
    keeping = ("--checkpoints", str(tmp_path / "kept"), "--checkpoint-every", "1s")
    for shard in ("0/2", "1/2"):
        for _ in range(2 if shard == "0/2" else 1):
            with Greenroom(tmp_path, *SCENARIO, *target, *keeping, "--shard", shard) as program:
                program.until_acknowledged(chance.randrange(1, 3_000))
                time.sleep(chance.random())
                program.process.kill()
        with Greenroom(tmp_path, *SCENARIO, *target, *keeping, "--shard", shard) as program:
            code, out, told = program.ended()
        assert code == 0, told
        assert "going on from 2026-" in told
        assert json.loads(out)["published"] == json.loads(out)["acknowledged"]
    verdict = audit_run(real_broker, run_name, settle_s=5)
    assert verdict.proven, verdict.reasons
    assert (verdict.total.lost, verdict.total.duplicated) == (0, 0)
    assert verdict.total.published == verdict.total.audited > 20_000
    found = records_of(real_broker, run_name)
    told_of = [record for topic in (*SOURCE_TOPICS, "audit") for record in found[topic]]
    ids = [json.loads(record.value)["event_id"] for record in told_of]
    assert len(ids) == len(set(ids))
    assert len(list((tmp_path / "kept").rglob("world.checkpoint"))) <= 2


def test_whoever_comes_second_shuts_the_first_out(broker: ClusterSettings, run_name: str) -> None:
    begun(broker, run_name)
    first = run_of(kafka(broker, run_name), commit_every_s=0.0, speed=1200.0)
    fenced: list[BaseException] = []

    def play() -> None:
        try:
            first.play()
        except FencedError as error:
            fenced.append(error)

    thread = Thread(target=play)
    thread.start()
    while not first.published:
        assert thread.is_alive()
        time.sleep(0.02)
    second = kafka(broker, run_name)
    second.resumed = last_progress(broker, run_name, (0, 1), patience_s=20, settled=True)
    run_of(second, resumed=second.resumed).play()
    thread.join(120)
    assert len(fenced) == 1
    assert f"shard 0/1 of run {run_name!r}" in str(fenced[0])
    assert "--resume" in str(fenced[0])
    assert FencedError.exit_code not in {error.exit_code for error in (UsageError, BrokerUnavailableError)}
    assert audit_run(broker, run_name, settle_s=5).proven


def test_what_the_cluster_aborts_is_sent_again(
    broker: ClusterSettings,
    run_name: str,
    hour: dict[str, Counter[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun(broker, run_name)
    sink, aborted = kafka(broker, run_name), list[KafkaError]()
    assert isinstance(sink.delivery, Transactions)
    again = sink.delivery._again

    def giving_way(failure: KafkaError) -> None:
        if not aborted:
            _limit(broker, run_name, 1_000_000)
        aborted.append(failure)
        again(failure)

    monkeypatch.setattr(sink.delivery, "_again", giving_way)
    _limit(broker, run_name, 200)
    run_of(sink, commit_every_s=0.0).play()
    assert aborted
    assert lines(broker, run_name) == hour
    assert audit_run(broker, run_name, settle_s=5).proven


def test_what_the_cluster_never_takes_ends_the_run_with_the_reason(
    real_broker: ClusterSettings, run_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.publish.transactions._BETWEEN_ATTEMPTS_S", 0.01)
    begun(real_broker, run_name)
    _limit(real_broker, run_name, 200)
    with pytest.raises(BrokerUnavailableError, match=r"shard 0/1: .*[Mm]essage size too large.*--resume"):
        run_of(kafka(real_broker, run_name)).play()
    assert set(lines(real_broker, run_name)) <= {"catalog", "audience"}


def _limit(broker: ClusterSettings, run: str, most: int) -> None:
    """Let the topic of journeys take records of so many bytes."""
    entry = ConfigEntry("max.message.bytes", str(most), incremental_operation=AlterConfigOpType.SET)
    client = AdminClient(broker.librdkafka())
    resource = ConfigResource(ResourceType.TOPIC, qualified(run, "journeys"), incremental_configs=[entry])
    for changed in client.incremental_alter_configs([resource]).values():
        changed.result(20)


def test_a_long_tick_is_readable_before_it_ends(real_broker: ClusterSettings, run_name: str) -> None:
    begun(real_broker, run_name)
    stop = Event()
    run = run_of(
        kafka(real_broker, run_name), speed=10.0, span=None, stop=stop, commit_every_s=0.2, scenario=TINY
    )
    thread = Thread(target=run.play)
    thread.start()
    try:
        while not (found := records_of(real_broker, run_name).get("journeys")):
            time.sleep(0.1)
        told = [json.loads(record.value) for record in records_of(real_broker, run_name)["audit"]]
        assert {record["tick"] for record in told} == {run.world.scenario.start_ms // Pace.of(TINY).span}
        assert {record["kind"] for record in told} == {"progress"}
        assert found
    finally:
        stop.set()
        thread.join(120)


def test_at_least_once_loses_nothing_and_may_repeat(
    broker: ClusterSettings, run_name: str, hour: dict[str, Counter[bytes]]
) -> None:
    class KilledError(Exception):
        pass

    begun(broker, run_name)
    sink = kafka(broker, run_name, exactly_once=False)
    send, sends = sink.send, iter(range(25))

    def dying(records: Any) -> None:
        send(records)
        if next(sends, None) is None:
            raise KilledError

    sink.send = dying  # type: ignore[method-assign]
    with pytest.raises(KilledError):
        run_of(sink, speed=7200.0, commit_every_s=0.05).play()
    sink.delivery.finish()
    again = last_progress(broker, run_name, (0, 1), patience_s=20, settled=True)
    run_of(kafka(broker, run_name, exactly_once=False), resumed=again).play()
    found = lines(broker, run_name)
    assert {topic: set(values) for topic, values in found.items()} == {
        topic: set(values) for topic, values in hour.items()
    }
    verdict = audit_run(broker, run_name, settle_s=5)
    assert verdict.total.lost == 0
    assert verdict.total.duplicated == sum((values - hour[topic]).total() for topic, values in found.items())


def test_a_run_that_is_there_is_gone_on_with_or_left_alone(broker: ClusterSettings, run_name: str) -> None:
    def opened(*, resume: bool, shard: tuple[int, int] = (0, 1), scenario: Any = TINY) -> Run:
        with ExitStack() as stack:
            target = KafkaTarget(broker.bootstrap, run_name, None, 20.0, shard, True, resume)
            sink = kafka_sink(stack, target, scenario)
            settings = {"sink": None, "speed": None, "span": 1_500_000, "backfill": 0, "cloudevents": False}
            return assembled(scenario, Pace.of(scenario), shard, target=sink, stop=Event(), **settings)

    # Who always says that it should go on may begin with it, too.
    opened(resume=True).play()
    with pytest.raises(UsageError, match=r"is there already: shard 0/1 .*--resume, or begin another .*--run"):
        opened(resume=False)
    with pytest.raises(UsageError, match=r"divided into 1 shards, and --shard 0/2 asks for 2"):
        opened(resume=True, shard=(0, 2))
    with pytest.raises(
        UsageError, match=r"other values of scenario\.audience, scenario\.seed\. Give the same"
    ):
        opened(resume=True, scenario=OTHER)
    with pytest.raises(EndedError, match=r"shard 0/1 has ended at .*: all its [\d,]+ records are published"):
        opened(resume=True)
    assert audit_run(broker, run_name, settle_s=5).proven
