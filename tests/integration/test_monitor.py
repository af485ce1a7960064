"""``greenroom monitor`` against brokers: readings, pages, metrics, and the report at the end."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer

from streams.cluster.embedded import EmbeddedBroker
from streams.settings import ClusterSettings
from streams.topics import qualified
from streams.watch.following import monitor_stream
from tests.streams.watch.drifting_run import WATCH, drifting_run
from tests.streams.watch.publishing import RECENT, create, publish


def command(settings: ClusterSettings, run: str, *arguments: str) -> list[str]:
    program = [sys.executable, "-c", "from streams.cli import main; main()", "monitor", "video_service"]
    return [*program, "--broker", settings.bootstrap, "--run", run, "--settle", "2s", "--json", *arguments]


def readings(settings: ClusterSettings, run: str) -> list[dict[str, Any]]:
    """What is on the topic ``drift``, read by another client."""
    consumer = KafkaConsumer(
        qualified(run, "drift"),
        **settings.kafka_python(),
        auto_offset_reset="earliest",
        consumer_timeout_ms=3000,
    )
    found = [json.loads(message.value) for message in consumer]
    consumer.close()
    return found


def test_the_shift_is_found_and_the_readings_are_published(broker: ClusterSettings, run_name: str) -> None:
    run = drifting_run(1, start=RECENT, shards=2)
    create(broker, run_name)
    publish(broker, run_name, run.records, run.progress())
    report = monitor_stream(broker, run_name, WATCH, until_closed=True, settle_s=5)
    assert report.audit.proven, report.audit.reasons
    (shift,) = report.drift
    assert shift["feature"] == "watched"
    assert 0 < shift["detected_after_s"] <= 3600
    assert report.false_alarms == 0
    published = readings(broker, run_name)
    assert len(published) == report.readings == 14
    assert {reading["feature"] for reading in published} == {"watched", "device"}
    assert any(reading["detected"] for reading in published)
    watched = next(reading for reading in published if reading["feature"] == "watched")
    assert set(watched["measures"]) == {"psi", "js", "ks", "w1"}


def test_the_command_ends_with_one_json_object(embedded_broker: ClusterSettings, run_name: str) -> None:
    run = drifting_run(2, start=RECENT, count=2000)
    create(embedded_broker, run_name)
    publish(embedded_broker, run_name, run.records, run.progress())
    done = subprocess.run(
        command(embedded_broker, run_name, "--until-closed"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["audit"]["published"] == report["audit"]["audited"] == report["records"] == len(run.records)
    assert report["drift"][0]["shift"] == "evening"
    assert report["records_per_s"] > 0


def test_pages_while_it_runs_and_a_clean_end_on_sigterm(
    embedded_broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    run = drifting_run(3, start=RECENT, count=2000)
    create(embedded_broker, run_name)
    publish(embedded_broker, run_name, run.records, run.progress(closed=False))
    announced = tmp_path / "monitor.json"
    arguments = command(embedded_broker, run_name, "--announce-file", str(announced))
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as monitor:
        url = _announced(announced)
        audit = _page(url, "/audit", lambda page: page.get("audited") == len(run.records))
        drift = _page(url, "/drift", lambda page: page.get("shifts"))
        metrics = urllib.request.urlopen(f"{url}/metrics").read().decode()
        ready = urllib.request.urlopen(f"{url}/readyz").status
        monitor.send_signal(signal.SIGTERM)
        out, said = monitor.communicate(timeout=30)
    assert monitor.returncode == 0, said
    assert json.loads(out)["records"] == len(run.records)
    assert audit["published"] == len(run.records)
    assert drift["shifts"][0]["shift"] == "evening"
    assert ready == 200
    assert 'greenroom_audit_events{verdict="lost"} 0.0' in metrics
    assert 'greenroom_consumer_lag_records{group="monitor",topic="journeys"} 0.0' in metrics
    assert 'greenroom_events_audited_total{topic="truth"} 1.0' in metrics


def test_it_waits_for_a_run_that_has_not_begun(embedded_broker: ClusterSettings, run_name: str) -> None:
    run = drifting_run(4, start=RECENT, count=500)
    arguments = command(embedded_broker, run_name, "--until-closed")
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as monitor:
        time.sleep(3)
        assert monitor.poll() is None
        create(embedded_broker, run_name)
        publish(embedded_broker, run_name, run.records, run.progress())
        out, said = monitor.communicate(timeout=60)
    assert monitor.returncode == 0, said
    assert json.loads(out)["audit"]["proven"]


def test_a_broker_that_goes_away_ends_it_with_a_message(run_name: str) -> None:
    with EmbeddedBroker() as broker:
        run = drifting_run(5, start=RECENT, count=200)
        create(broker.settings, run_name)
        publish(broker.settings, run_name, run.records, run.progress(closed=False))
        arguments = command(broker.settings, run_name, "--until-closed", "--broker-timeout", "2")
        monitor = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(4)
        assert monitor.poll() is None
    _, said = monitor.communicate(timeout=60)
    assert monitor.returncode == 69
    assert f"no Kafka broker answers at {broker.settings.bootstrap}" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("scenario", ["video_servise", "nowhere.yaml"])
def test_an_unknown_scenario_is_named(scenario: str) -> None:
    program = [sys.executable, "-c", "from streams.cli import main; main()", "monitor", scenario]
    done = subprocess.run(
        [*program, "--broker", "localhost:1"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 64
    assert scenario in done.stderr
    assert "Traceback" not in done.stderr


def _announced(file: Path) -> str:
    deadline = time.monotonic() + 30
    while not file.exists():
        assert time.monotonic() < deadline, "no endpoint was announced"
        time.sleep(0.1)
    return str(json.loads(file.read_text())["endpoint"])


def _page(url: str, path: str, good: Any) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while True:
        page: dict[str, Any] = json.loads(urllib.request.urlopen(url + path).read())
        if good(page):
            return page
        assert time.monotonic() < deadline, page
        time.sleep(0.2)
