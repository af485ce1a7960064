"""Checks with the other clients: kafka-python, and aiokafka, on which Faust stands."""

import asyncio
import time
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.helpers import create_ssl_context
from kafka import KafkaConsumer, KafkaProducer

from streams.cluster.conformance.scene import PATIENCE_S, Scene, expect
from streams.settings import ClusterSettings

_FAUST_SESSION_TIMEOUT_S = 60.0
_VALUES = [b"%d" % i for i in range(50)]


def kafka_python(scene: Scene) -> str:
    """kafka-python writes compressed batches and reads them in a group."""
    topic, connection = scene.topic(), scene.settings.kafka_python()
    producer = KafkaProducer(**connection, compression_type="gzip", acks="all")
    for value in _VALUES:
        producer.send(topic, value, partition=0)
    producer.flush(PATIENCE_S)
    producer.close()
    consumer = KafkaConsumer(
        topic, **connection, group_id=f"{scene.name}.group", auto_offset_reset="earliest"
    )
    found: list[bytes] = []
    deadline = time.monotonic() + PATIENCE_S
    while len(found) < len(_VALUES) and time.monotonic() < deadline:
        found += [record.value for records in consumer.poll(500).values() for record in records]
    consumer.close()
    expect(found == _VALUES, f"{len(found)} of {len(_VALUES)} records read")
    return f"{len(found)} records"


def aiokafka(scene: Scene) -> str:
    """aiokafka writes idempotently and reads in a group with Faust's time-outs, without waiting one out."""
    topic = scene.topic(partitions=2)
    values, joined = asyncio.run(_with_aiokafka(_connection(scene.settings), topic, f"{scene.name}.group"))
    expect(values == _VALUES, f"{len(values)} of {len(_VALUES)} records read")
    expect(joined < _FAUST_SESSION_TIMEOUT_S / 6, f"joining a group took {joined:.1f} s")
    return f"{len(values)} records, the first {joined:.2f} s after joining a group"


def _connection(settings: ClusterSettings) -> dict[str, Any]:
    """aiokafka takes what kafka-python takes, but an SSL context instead of files."""
    connection = settings.kafka_python()
    authority = connection.pop("ssl_cafile", None)
    if settings.security_protocol.endswith("SSL"):
        connection["ssl_context"] = create_ssl_context(cafile=authority)
    return connection


async def _send_with_aiokafka(connection: dict[str, Any], topic: str) -> None:
    producer = AIOKafkaProducer(**connection, enable_idempotence=True, compression_type="lz4")
    try:
        await producer.start()
        for value in _VALUES:
            await producer.send(topic, value, partition=0)
    finally:
        await producer.stop()


async def _with_aiokafka(connection: dict[str, Any], topic: str, group: str) -> tuple[list[bytes], float]:
    await _send_with_aiokafka(connection, topic)
    session_ms = int(_FAUST_SESSION_TIMEOUT_S * 1000)
    consumer = AIOKafkaConsumer(
        topic, **connection, group_id=group, auto_offset_reset="earliest", session_timeout_ms=session_ms
    )
    started = time.monotonic()
    await consumer.start()
    try:
        first = await asyncio.wait_for(consumer.getone(), _FAUST_SESSION_TIMEOUT_S)
        joined = time.monotonic() - started
        rest = [await asyncio.wait_for(consumer.getone(), PATIENCE_S) for _ in _VALUES[1:]]
    finally:
        await consumer.stop()
    return [first.value, *(record.value for record in rest)], joined


CHECKS = (kafka_python, aiokafka)
