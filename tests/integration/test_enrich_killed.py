"""kill -9 of the enricher, and brokers that go away: no source record is lost, no file is half written."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import psutil

from streams.cluster.administration import Administration, ensure_topics
from streams.cluster.apache import ApacheKafka
from streams.settings import ClusterSettings
from tests.streams.enrich.enricher import Enricher, Reader, publish, source, swatch

RECORDS = [source(number, swatch(number, size=1500, seconds=0.02)) for number in range(120)]
IDS = {record["event_id"] for record in RECORDS}
FLAGS = ("--workers", "2", "--topics", "catalog")


def check_whole(store: Path) -> int:
    """Every visible file is whole, and every sealed asset is as its manifest says; how many are sealed."""
    for path in store.glob("??/??/*/swatch.pgm"):
        assert path.stat().st_size == len(b"P5 1500 1500 255\n") + 1500 * 1500
    manifests = [orjson.loads(path.read_bytes()) for path in store.glob("??/??/*/manifest.json")]
    for file in (file for manifest in manifests for file in manifest["files"]):
        content = Path(file["uri"].removeprefix("file://")).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
    return len(manifests)


def test_kill_9_loses_no_record_and_leaves_no_half_file(
    real_broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    ensure_topics(real_broker, run_name)
    publish(real_broker, run_name, "catalog", RECORDS)
    with Reader(real_broker, run_name, "catalog.enriched", "assets") as reader:
        with Enricher(real_broker, run_name, tmp_path, *FLAGS) as enricher:
            reader.until(40, "catalog.enriched", distinct="event_id")
            enricher.kill()
        assert 40 <= check_whole(tmp_path / "store") < len(RECORDS)
        with Enricher(real_broker, run_name, tmp_path, *FLAGS) as enricher:
            reader.until(len(RECORDS), "catalog.enriched", distinct="event_id")
            reader.until(len(RECORDS), "assets", distinct="asset_id")
            assert enricher.end() == 0
    assert {record["event_id"] for record in reader.records("catalog.enriched")} == IDS
    assert check_whole(tmp_path / "store") == len(RECORDS)


def test_no_offset_is_committed_past_a_record_in_work(
    real_broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    ensure_topics(real_broker, run_name, partitions=1)
    slow, quick = (
        source(0, swatch(0, seconds=600)),
        [source(number, swatch(number)) for number in range(1, 20)],
    )
    publish(real_broker, run_name, "catalog", [slow, *quick])
    with Enricher(real_broker, run_name, tmp_path, *FLAGS):
        with Reader(real_broker, run_name, "catalog.enriched") as reader:
            reader.until(len(quick), "catalog.enriched")
        time.sleep(2.5)  # offsets are committed every second
        with Administration(real_broker) as administration:
            committed = [partition.committed for partition in administration.lag([f"{run_name}-enrich"])]
        assert slow["event_id"] not in {record["event_id"] for record in reader.records("catalog.enriched")}
    assert not any(committed)


def test_workers_end_when_the_enricher_is_killed_alone(
    real_broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    ensure_topics(real_broker, run_name)
    publish(real_broker, run_name, "catalog", [source(1, swatch(1))])
    with Enricher(real_broker, run_name, tmp_path, *FLAGS) as enricher:
        with Reader(real_broker, run_name, "catalog.enriched") as reader:
            reader.until(1, "catalog.enriched")
        workers = psutil.Process(enricher.process.pid).children(recursive=True)
        assert len(workers) >= 2
        enricher.process.kill()
        enricher.process.wait(10)
        assert psutil.wait_procs(workers, timeout=10)[1] == []


def test_a_broker_that_comes_back_loses_nothing_and_one_that_does_not_is_exit_69(
    apache_kafka: Callable[..., ApacheKafka], run_name: str, tmp_path: Path
) -> None:
    kafka = apache_kafka()
    ensure_topics(kafka.settings, run_name)
    publish(kafka.settings, run_name, "catalog", RECORDS)
    with Reader(kafka.settings, run_name, "catalog.enriched") as reader:
        with Enricher(kafka.settings, run_name, tmp_path, *FLAGS, "--broker-timeout", "60") as enricher:
            reader.until(30, "catalog.enriched", distinct="event_id")
            kafka.kill(1)
            time.sleep(2)
            kafka.restart(1)
            reader.until(len(RECORDS), "catalog.enriched", distinct="event_id", within_s=60)
            assert enricher.end() == 0
        with Enricher(kafka.settings, run_name, tmp_path, *FLAGS, "--broker-timeout", "3") as enricher:
            publish(kafka.settings, run_name, "catalog", [source(999, swatch(999))])
            reader.until(len(RECORDS) + 1, "catalog.enriched", distinct="event_id")
            kafka.kill(1)
            assert enricher.process.wait(40) == 69
    assert "no Kafka broker answers" in enricher.said()
    assert "Traceback" not in enricher.said()
