"""The embedded broker: gone when the program is, guarded while it runs."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from confluent_kafka import Producer

from streams.cluster.administration import Administration
from streams.cluster.availability import wait_for_broker
from streams.cluster.embedded import EmbeddedBroker
from streams.cluster.guard import BrokerGuard
from streams.cluster.provisioning import WantedTopic
from streams.exits import BrokerOverloadedError, BrokerUnavailableError

PROGRAM = """
import sys, time
from streams.cluster.embedded import EmbeddedBroker
with EmbeddedBroker() as broker:
    print(broker.pid, broker.folder, flush=True)
    time.sleep(60)
"""


def _gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def _until(holds, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(holds())


def test_answers_and_leaves_nothing_behind() -> None:
    with EmbeddedBroker() as broker:
        wait_for_broker(broker.settings, 5.0)
        pid, folder = broker.pid, broker.folder
        assert broker.is_running()
        assert broker.resident_bytes() > 0
        assert broker.data_bytes() > 0
        with Administration(broker.settings) as administration:
            assert administration.brokers() == [1]
    assert _gone(pid)
    assert not folder.exists()
    assert broker.resident_bytes() == 0


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_ends_with_the_program_however_that_ends(how: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as program:
        assert program.stdout is not None
        pid, folder = program.stdout.readline().split()
        assert not _gone(int(pid))
        program.send_signal(how)
    assert _until(lambda: _gone(int(pid)))
    assert _until(lambda: not Path(folder).exists())


def test_ctrl_c_in_the_terminal_does_not_reach_the_broker() -> None:
    with EmbeddedBroker() as broker:
        assert os.getpgid(broker.pid) != os.getpgid(0)
        assert os.getsid(broker.pid) != os.getsid(0)


def test_two_at_once_do_not_meet() -> None:
    with EmbeddedBroker() as one, EmbeddedBroker() as other:
        assert one.bootstrap != other.bootstrap
        assert one.folder != other.folder


def test_a_binary_that_does_not_run_here_is_an_error_with_remedies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = tmp_path / "noida-db"
    binary.write_text("#!/bin/sh\necho \"version 'GLIBC_9.9' not found\" >&2\nexit 1\n")
    monkeypatch.setattr("streams.cluster.embedded.files", lambda package: tmp_path)
    with pytest.raises(BrokerUnavailableError, match=r"(?s)GLIBC_9.9.*make kafka.*compose.*--broker"):
        EmbeddedBroker().__enter__()
    assert os.access(binary, os.X_OK)


def test_a_missing_binary_is_an_error_with_remedies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.cluster.embedded.files", lambda package: tmp_path)
    with pytest.raises(BrokerUnavailableError, match=r"(?s)no binary for this platform.*make kafka"):
        EmbeddedBroker().__enter__()


def test_expired_records_give_their_memory_back() -> None:
    with EmbeddedBroker() as broker:
        topic = WantedTopic("bulk", 4, 1, {"retention.ms": "1500"})
        with Administration(broker.settings) as administration:
            administration.create_topics([topic])
        before = broker.resident_bytes()
        _publish(broker, "bulk", megabytes=60)
        full = broker.resident_bytes()
        assert full - before > 50e6
        assert _until(lambda: broker.resident_bytes() - before < 20e6, 20.0)


def test_the_publisher_is_slowed_then_stopped_before_the_limit() -> None:
    with EmbeddedBroker() as broker:
        used = broker.resident_bytes()
        soft, hard = used + 20_000_000, used + 120_000_000
        with BrokerGuard(broker, soft_bytes=soft, hard_bytes=hard) as guard:
            assert guard.pause_seconds() == 0.0
            _publish(broker, "guarded", megabytes=60)
            guard.sample()
            time.sleep(0.01)
            assert 0.0 < guard.share < 1.0
            assert guard.pause_seconds() > 0.0
            _publish(broker, "guarded", megabytes=70)
            guard.sample()
            with pytest.raises(
                BrokerOverloadedError, match=r"(?s)MB.*make kafka.*compose.*--broker"
            ) as caught:
                guard.pause_seconds()
    assert caught.value.exit_code == 75
    assert guard.peak_bytes >= hard


def test_the_guard_tells_when_the_broker_has_died() -> None:
    with EmbeddedBroker() as broker, BrokerGuard(broker) as guard:
        os.kill(broker.pid, signal.SIGKILL)
        assert _until(lambda: guard.error is not None)
        with pytest.raises(BrokerUnavailableError, match="ended by itself"):
            guard.pause_seconds()


def _publish(broker: EmbeddedBroker, topic: str, *, megabytes: int) -> None:
    producer = Producer({**broker.settings.librdkafka(), "queue.buffering.max.kbytes": 500_000})
    for number in range(megabytes * 10):
        producer.produce(topic, os.urandom(100_000), partition=number % 4 if topic == "bulk" else 0)
    assert producer.flush(30) == 0
