"""Checks of offsets: first and last, by time, and after deleting records."""

from confluent_kafka import TopicPartition

from streams.cluster.conformance.scene import PATIENCE_S, Scene, expect

_EPOCH_MS = 1_700_000_000_000


def first_and_last_offsets(scene: Scene) -> str:
    """The first and last offsets of a partition count its records."""
    topic = scene.topic()
    scene.send(topic, [b"x"] * 123)
    with scene.consumer() as consumer:
        found = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=PATIENCE_S)
    expect(found == (0, 123), f"(0, 123) expected, {found} found")
    return "0 to 123"


def offsets_by_time(scene: Scene) -> str:
    """The offset for a time is that of the first record stamped then or later; the end if there is none."""
    topic = scene.topic(config={"retention.ms": "-1"})
    producer = scene.producer()
    for i in range(100):
        producer.produce(topic, b"x", timestamp=_EPOCH_MS + 10 * i)
    expect(producer.flush(PATIENCE_S) == 0, "records are not acknowledged")
    asked = {_EPOCH_MS - 1: 0, _EPOCH_MS + 500: 50, _EPOCH_MS + 501: 51, _EPOCH_MS + 10_000: -1}
    with scene.consumer() as consumer:
        for stamp, wanted in asked.items():
            (found,) = consumer.offsets_for_times([TopicPartition(topic, 0, stamp)], timeout=PATIENCE_S)
            expect(
                found.offset == wanted, f"{wanted} expected for {stamp - _EPOCH_MS} ms, {found.offset} found"
            )
    return f"{len(asked)} times"


CHECKS = (first_and_last_offsets, offsets_by_time)
