"""Checks of consumer groups: committed offsets, lag, and sharing partitions."""

import time

from confluent_kafka import Consumer

from streams.cluster.conformance.scene import PATIENCE_S, Scene, expect, take


def committed_offsets(scene: Scene) -> str:
    """A group goes on where it committed, after another member has taken over."""
    topic = scene.topic()
    scene.send(topic, [b"%d" % i for i in range(100)])
    read: list[bytes | None] = []
    for count in (40, 60):
        with scene.consumer() as consumer:
            consumer.subscribe([topic])
            messages = take(consumer, count)
            expect(len(messages) == count, f"{len(messages)} of {count} records read by a group")
            consumer.commit(message=messages[-1], asynchronous=False)
        read += [message.value() for message in messages]
    expect(
        read == [b"%d" % i for i in range(100)], "a record was read twice, or not at all, across two members"
    )
    return "40 records, then 60"


def group_lag(scene: Scene) -> str:
    """The group's committed offset is told to others, and its lag is the records that it has not read."""
    topic = scene.topic()
    scene.send(topic, [b"x"] * 100)
    with scene.consumer() as consumer:
        consumer.subscribe([topic])
        messages = take(consumer, 30)
        consumer.commit(message=messages[-1], asynchronous=False)
    found = scene.administration.lag([f"{scene.name}.group"])
    lags = [(lag.topic, lag.committed, lag.end, lag.records) for lag in found]
    expect(lags == [(topic, 30, 100, 70)], f"30 of 100 read, but the broker tells {lags}")
    expect(f"{scene.name}.group" in scene.administration.groups_of(scene.name), "the group is not listed")
    return "70 of 100"


def shared_partitions(scene: Scene) -> str:
    """A second member of a group gets half of the partitions, and all of them when the first has left."""
    topic = scene.topic(partitions=4)
    started = time.monotonic()
    with scene.consumer() as second:
        with scene.consumer() as first:
            first.subscribe([topic])
            second.subscribe([topic])
            expect(_poll_until([first, second], 2), f"not shared: {_sizes([first, second])}")
        shared = time.monotonic() - started
        expect(_poll_until([second], 4), f"not taken over: {_sizes([second])}")
    return f"shared after {shared:.1f} s, taken over after {time.monotonic() - started:.1f} s"


def _poll_until(members: list[Consumer], partitions: int) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while _sizes(members) != [partitions] * len(members) and time.monotonic() < deadline:
        for member in members:
            member.poll(0.05)
    return _sizes(members) == [partitions] * len(members)


def _sizes(members: list[Consumer]) -> list[int]:
    return [len(member.assignment()) for member in members]


CHECKS = (committed_offsets, group_lag, shared_partitions)
