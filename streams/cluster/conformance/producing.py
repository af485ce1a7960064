"""Checks of what is stored: idempotent writes, compression, headers, tombstones, partitioning."""

from streams.cluster.conformance.scene import PATIENCE_S, NonconformityError, Scene, expect

_COMPRESSIONS = ("none", "lz4", "zstd", "gzip", "snappy")
_RECORDS = 200

# murmur2 of these keys in Apache Kafka's Java client, as its own tests have them.
_MURMUR2 = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"abc": 479470107,
}


def stored_as_sent(scene: Scene) -> str:
    """Idempotent writes come back as sent: keys, values, headers, times, tombstones, in each compression."""
    for compression in _COMPRESSIONS:
        # The records are of another year: a broker that looks often would remove them before they are read.
        _round_trip(scene, scene.topic(compression, config={"retention.ms": "-1"}), compression)
    return f"{len(_COMPRESSIONS)} x {_RECORDS} records: {', '.join(_COMPRESSIONS)}"


def _round_trip(scene: Scene, topic: str, compression: str) -> None:
    sent = [
        (b"key-%d" % i, None if i % 10 == 9 else b"value-%d" % i, [("ce_id", b"%d" % i)], 10**12 + i)
        for i in range(_RECORDS)
    ]
    producer = scene.producer(enable_idempotence=True, acks="all", compression_type=compression)
    for key, value, headers, stamp in sent:
        producer.produce(topic, value, key, headers=list(headers), timestamp=stamp)
    expect(
        producer.flush(PATIENCE_S) == 0, f"{len(producer)} records are not acknowledged with {compression}"
    )
    read = scene.read(topic, count=_RECORDS)
    found = [(message.key(), message.value(), message.headers(), message.timestamp()[1]) for message in read]
    if found != sent:
        differing = sum(a != b for a, b in zip(found, sent, strict=False))
        raise NonconformityError(
            f"{compression}: {len(found)} of {_RECORDS} records read, {differing} differ"
        )
    expect(
        [message.offset() for message in read] == list(range(_RECORDS)), f"{compression}: offsets have gaps"
    )


def large_records(scene: Scene) -> str:
    """A record of 900 kB passes; one above max.message.bytes is refused."""
    topic = scene.topic(config={"max.message.bytes": "1000000"})
    scene.send(topic, [bytes(900_000)], message_max_bytes=4_000_000)
    (read,) = scene.read(topic, count=1, max_partition_fetch_bytes=4_000_000)
    expect(len(read.value() or b"") == 900_000, "the record came back shorter")
    refused: list[str] = []
    producer = scene.producer(message_max_bytes=4_000_000)
    producer.produce(
        topic, bytes(2_000_000), on_delivery=lambda error, _: refused.append(error.name() if error else "")
    )
    producer.flush(PATIENCE_S)
    expect(refused == ["MSG_SIZE_TOO_LARGE"], f"2 MB into a topic that allows 1 MB: {refused or 'no answer'}")
    return "900 kB kept, 2 MB refused"


def java_partitions(scene: Scene) -> str:
    """Keys fall on the partitions where Apache Kafka's Java client puts them."""
    topic = scene.topic(partitions=6)
    producer = scene.producer(partitioner="murmur2_random")
    for key in _MURMUR2:
        producer.produce(topic, b"x", key)
    expect(producer.flush(PATIENCE_S) == 0, "records are not acknowledged")
    read = scene.read(topic, count=len(_MURMUR2), partitions=6)
    found = {message.key(): message.partition() for message in read}
    wanted = {key: (code & 0x7FFFFFFF) % 6 for key, code in _MURMUR2.items()}
    expect(found == wanted, f"wanted {wanted}, found {found}")
    return f"{len(wanted)} keys"


CHECKS = (stored_as_sent, large_records, java_partitions)
