"""Brokers that are not there, that go and come back, and that go for good: nothing is lost without a word."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from streams.cluster.apache import ApacheKafka
from streams.cluster.processes import free_ports
from streams.exits import UsageError
from streams.publish.transactions import Transactions
from tests.streams.publish.program import Greenroom, records_of

# A broker forgets a producer, and so what of it to refuse as a repetition, by the timestamps of its records: after a
# restart it would know none of the year 2020. It never forgets one whose transaction is open, and the markers of those
# that have ended carry its own time.
SCENARIO = ("short_video", "--viewers", "2500", "--seed", "7", "--set", "start=2020-01-01")


def test_a_broker_that_is_not_there_is_69(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with Greenroom(tmp_path, *SCENARIO, "--broker", f"127.0.0.1:{port}", "--broker-timeout", "2") as program:
        code, out, told = program.ended()
    assert code == 69
    assert out == ""
    assert f"127.0.0.1:{port}" in told
    assert "Traceback" not in told


def test_a_broker_that_comes_back_has_everything_once_and_one_that_does_not_is_69(
    apache_kafka: Callable[..., ApacheKafka], run_name: str, tmp_path: Path
) -> None:
    kafka = apache_kafka(**{"transaction.max.timeout.ms": "300000"})
    target = ("--broker", kafka.settings.bootstrap, "--run", run_name)
    span = ("--for", "20m")
    with Greenroom(tmp_path, *SCENARIO, *span, "--speed", "200x", *target) as program:
        # The catalogue is long committed: a single node that dies right after a commit was answered was seen to come
        # back without the marker of one partition, where committed readers then wait for the next transaction.
        program.until_acknowledged(14_000)
        kafka.kill(1)
        time.sleep(1)
        kafka.restart(1)
        code, out, told = program.ended()
    assert code == 0, told
    summary, found = json.loads(out), records_of(kafka.settings, run_name)
    assert summary["published"] == summary["acknowledged"]
    folder = tmp_path / "lines"
    with Greenroom(tmp_path, *SCENARIO, *span, "--speed", "max", "--sink", f"jsonl:{folder}") as program:
        assert program.ended()[0] == 0
    for path in folder.glob("*.jsonl"):
        if path.stem != "audit":
            written, read = path.read_bytes().splitlines(), [record.value for record in found[path.stem]]
            assert Counter(read) == Counter(written), path.stem
            assert len(read) == len(set(read))
    for partition in {record.partition for record in found["journeys"]}:
        times = [record.timestamp for record in found["journeys"] if record.partition == partition]
        assert times == sorted(times)

    # Longer than this cluster lets a transaction be open.
    with pytest.raises(
        UsageError, match=r"refuses transactions of '.*-shard-0-of-1'.*--delivery at-least-once"
    ):
        Transactions.opened(kafka.settings, run_name, (0, 1), patience_s=600, throttle=float)

    target = ("--broker", kafka.settings.bootstrap, "--run", f"{run_name}-gone", "--broker-timeout", "3")
    with Greenroom(tmp_path, *SCENARIO, "--speed", "200x", *target) as program:
        program.until_acknowledged(2_000)
        kafka.kill(1)
        code, out, told = program.ended()
    assert code == 69
    assert out == ""
    assert "Traceback" not in told
    message = re.search(
        r"no acknowledgement from \S+ for (\d+) s; (\d+) of (\d+) records were not delivered", told
    )
    assert message, told
    waited, waiting, sent = map(int, message.groups())
    assert waited >= 3
    assert 0 < waiting < sent
    assert sent - waiting >= 2_000
