"""Checks of topics: settings, timestamps, retention and deletion."""

import time
from datetime import UTC, datetime, timedelta

from confluent_kafka import TopicPartition
from kafka import TopicPartition as PartitionName

from streams.cluster.conformance.scene import PATIENCE_S, NonconformityError, Scene, UnprovenError, expect

_YEAR_MS = 365 * 24 * 3600 * 1000


def topic_settings(scene: Scene) -> str:
    """A topic is created with the settings asked for, and described with them."""
    config = {"cleanup.policy": "compact", "retention.ms": "123456", "max.message.bytes": "2000000"}
    name = scene.topic(partitions=6, config=config)
    (state,) = scene.administration.describe_topics([name])
    expect(state.partitions == 6, f"6 partitions asked for, {state.partitions} described")
    expect(state.leaderless == 0, f"{state.leaderless} of 6 partitions have no leader")
    for setting, value in config.items():
        found = state.config.get(setting)
        expect(found == value, f"{setting}={value} asked for, {found} described")
    return f"6 partitions, {len(config)} settings"


def existing_topic(scene: Scene) -> str:
    """A topic that exists is not created a second time, nor changed."""
    name = scene.topic(partitions=2)
    scene.topic(partitions=5)
    (state,) = scene.administration.describe_topics([name])
    expect(state.partitions == 2, f"it has {state.partitions} partitions now")
    return "2 partitions before and after"


def simulated_time(scene: Scene) -> str:
    """Records stamped years ago, or years ahead, are kept as stamped where the topic allows it."""
    name = scene.topic(config={"retention.ms": "-1", "message.timestamp.after.max.ms": str(2**63 - 1)})
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    stamps = [now_ms - 10 * _YEAR_MS, now_ms + _YEAR_MS]
    producer = scene.producer()
    for stamp in stamps:
        producer.produce(name, b"x", timestamp=stamp)
    expect(producer.flush(PATIENCE_S) == 0, "a record is not acknowledged")
    found = [message.timestamp()[1] for message in scene.read(name, count=2)]
    expect(found == stamps, f"stamped {stamps}, read {found}")
    return "10 years back, 1 year ahead"


def retention(scene: Scene) -> str:
    """Records older than the topic's retention are removed, and the first offset moves on."""
    name = scene.topic(config={"retention.ms": "1000", "cleanup.policy": "delete"})
    scene.send(name, [b"x"] * 100)
    looks_every = scene.administration.broker_setting("log.retention.check.interval.ms")
    started = time.monotonic()
    with scene.consumer() as consumer:
        while time.monotonic() < started + PATIENCE_S:
            first, end = consumer.get_watermark_offsets(TopicPartition(name, 0), timeout=PATIENCE_S)
            if first == end:
                expect(end == 100, f"the end is {end} after 100 records")
                return f"removed {time.monotonic() - started:.1f} s after a retention of 1 s"
            time.sleep(0.2)
    if looks_every and timedelta(milliseconds=int(looks_every)) > timedelta(seconds=PATIENCE_S / 2):
        raise UnprovenError(f"the broker looks for expired records only every {int(looks_every) // 1000} s")
    raise NonconformityError(f"{end - first} of 100 records are still there after {PATIENCE_S:.0f} s")


def topic_deletion(scene: Scene) -> str:
    """A deleted topic is gone with its records, and its name is free again."""
    name = scene.topic()
    scene.send(name, [b"x"] * 10)
    scene.administration.delete_topics([name])
    deadline = time.monotonic() + PATIENCE_S
    while name in scene.administration.topics_of(scene.name) and time.monotonic() < deadline:
        time.sleep(0.1)
    scene.topic()
    end = scene.administration.ends([PartitionName(name, 0)])[PartitionName(name, 0)]
    expect(end == 0, f"the topic made anew ends at {end}")
    return "gone, and made anew empty"


CHECKS = (topic_settings, existing_topic, simulated_time, retention, topic_deletion)
