"""The enricher against every broker: what goes in comes out enriched, or in the dead letters."""

import base64
import signal
from itertools import count, islice
from pathlib import Path

import orjson
from confluent_kafka import Producer

from streams.cluster.administration import Administration, ensure_topics
from streams.settings import ClusterSettings
from streams.topics import qualified
from tests.streams.enrich.enricher import Enricher, Reader, publish, source, swatch

BAD = {
    "malformed": b"\xff\xfe not JSON",
    "bad_spec": b'{"event_id":"7f3ak00009-000000000001","occurred_at":5,"media":{"kind":"swatch"}}',
    "unknown_generator": (
        b'{"event_id":"7f3ak00009-000000000002","occurred_at":5,"media":{"kind":"swach","seed":1}}'
    ),
    "render_failed": (
        b'{"event_id":"7f3ak00009-000000000003","occurred_at":5,'
        b'"media":{"kind":"swatch","params":{"ending":"raise"},"seed":1}}'
    ),
    "worker_died": (
        b'{"event_id":"7f3ak00009-000000000004","occurred_at":5,'
        b'"media":{"kind":"swatch","params":{"ending":"die"},"seed":1}}'
    ),
}


def lag(cluster: ClusterSettings, run: str) -> int:
    with Administration(cluster) as administration:
        return sum(partition.records for partition in administration.lag([f"{run}-enrich"]))


def test_every_record_is_enriched_or_told_of(broker: ClusterSettings, run_name: str, tmp_path: Path) -> None:
    ensure_topics(broker, run_name)
    asking = [source(number, swatch(number % 10)) for number in range(30)]
    publish(broker, run_name, "catalog", [*asking, *(source(100 + number) for number in range(50))])
    publish(broker, run_name, "content", [source(200, swatch(3), key_field="user_id"), *BAD.values()])
    topics = ("catalog", "catalog.enriched", "content.enriched", "assets", "dead_letters")
    with (
        Enricher(broker, run_name, tmp_path, "--workers", "2") as enricher,
        Reader(broker, run_name, *topics) as reader,
    ):
        reader.until(80, "catalog")
        reader.until(30, "catalog.enriched")
        reader.until(1, "content.enriched")
        reader.until(len(BAD), "dead_letters")
        metrics, readiness = enricher.page("/metrics"), enricher.page("/readyz")
        assert enricher.end() == 0
    assert lag(broker, run_name) == 0

    enriched = {record["event_id"]: record for record in reader.records("catalog.enriched")}
    assert enriched.keys() == {record["event_id"] for record in asking}
    for record in asking:
        assert {name: enriched[record["event_id"]][name] for name in record} == record
    places = {
        message.key(): (message.partition(), message.timestamp()) for message in reader.messages["catalog"]
    }
    for message in reader.messages["catalog.enriched"]:
        assert (message.partition(), message.timestamp()) == places[message.key()]

    assets = {record["asset_id"]: record for record in reader.records("assets")}
    assert len(reader.records("assets")) == len(assets) == 10
    assert {asset["asset_id"] for record in enriched.values() for asset in record["assets"]} == assets.keys()
    assert 'greenroom_assets_rendered_total{generator="swatch",medium="visual"} 10.0' in metrics
    assert 'greenroom_records_enriched_total{topic="catalog"} 30.0' in metrics
    assert readiness == "ready\n"

    letters = {record["reason"]: record for record in reader.records("dead_letters")}
    assert {reason: base64.b64decode(letter["original"]) for reason, letter in letters.items()} == BAD


def test_what_was_aborted_is_not_enriched_and_holds_nothing_up(
    broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    ensure_topics(broker, run_name)
    producer = Producer({**broker.librdkafka(), "transactional.id": run_name})
    producer.init_transactions(30)
    for number, commits in enumerate((True, False, False, True, True, False, True)):
        producer.begin_transaction()
        # The first transaction is a single record: a gap right after the first offset of a partition.
        for part in range(1 if number == 0 else 3):
            record = source(10 * number + part, swatch(number), key="t0000001")
            producer.produce(qualified(run_name, "catalog"), orjson.dumps(record), b"t0000001", timestamp=1)
        producer.flush(30)
        producer.commit_transaction(30) if commits else producer.abort_transaction(30)
    with (
        Enricher(broker, run_name, tmp_path, "--workers", "1") as enricher,
        Reader(broker, run_name, "catalog.enriched") as reader,
    ):
        reader.until(10, "catalog.enriched")
        assert enricher.end() == 0
    assert lag(broker, run_name) == 0
    numbers = [int(record["event_id"][-3:]) for record in reader.records("catalog.enriched")]
    assert sorted(numbers) == [0, 30, 31, 32, 40, 41, 42, 60, 61, 62]


def test_interrupted_it_finishes_what_is_in_work(
    real_broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    ensure_topics(real_broker, run_name)
    publish(
        real_broker,
        run_name,
        "catalog",
        [source(number, swatch(number, seconds=0.3)) for number in range(12)],
    )
    flags = ("--workers", "2", "--topics", "catalog")
    with Enricher(real_broker, run_name, tmp_path, *flags) as enricher:
        with Reader(real_broker, run_name, "catalog.enriched") as reader:
            reader.until(1, "catalog.enriched")
        assert enricher.end(signal.SIGINT) == 0
    with Reader(real_broker, run_name, "catalog.enriched") as reader:
        reader.until(12 - lag(real_broker, run_name), "catalog.enriched")
    assert not list((tmp_path / "store" / ".partial").iterdir())


def test_two_enrichers_share_the_work_and_lose_nothing(
    real_broker: ClusterSettings, run_name: str, tmp_path: Path
) -> None:
    ensure_topics(real_broker, run_name)
    flags, numbers = ("--workers", "1", "--topics", "catalog"), count()

    def more() -> int:
        records = [source(number, swatch(number, seconds=0.05)) for number in islice(numbers, 20)]
        publish(real_broker, run_name, "catalog", records)
        return int(records[-1]["event_id"][-12:]) + 1

    with Enricher(real_broker, run_name, tmp_path, *flags) as first:
        with Reader(real_broker, run_name, "catalog.enriched") as reader:
            reader.until(more(), "catalog.enriched")
            with Enricher(real_broker, run_name, tmp_path, *flags) as second:
                # The second may take long to start and to get its share: there is work until it has had some.
                published = more()
                while not second.has_enriched("catalog"):
                    reader.until(published - 10, "catalog.enriched", distinct="event_id")
                    published = more()
                reader.until(published, "catalog.enriched", distinct="event_id")
                assert first.has_enriched("catalog")
                assert second.end() == 0
        assert first.end() == 0
