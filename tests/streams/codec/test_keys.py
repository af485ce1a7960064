"""Keys, and the partition that every Kafka client gives them."""

import random

import numpy as np
import pytest
from kafka.partitioner.default import murmur2 as reference

from sim.batch import EventBatch
from sim.events import kind_named
from streams.codec.keys import keys_of, murmur2, partitions_of

# From Kafka's own test of Utils.murmur2.
PUBLISHED = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}


@pytest.mark.parametrize(("key", "hashed"), PUBLISHED.items())
def test_published_vectors(key: bytes, hashed: int) -> None:
    assert int(murmur2(np.array([key])).astype(np.int32)[0]) == hashed


def test_keys_of_all_lengths_in_one_column() -> None:
    keys = np.array(list(PUBLISHED))
    assert murmur2(keys).astype(np.int32).tolist() == list(PUBLISHED.values())


def test_random_keys_go_where_kafka_python_sends_them() -> None:
    generator = random.Random(5)
    keys = [bytes(generator.choices(range(1, 256), k=generator.randint(1, 30))) for _ in range(2_000)]
    partitions = partitions_of(np.array(keys), 7).tolist()
    assert partitions == [(reference(key) & 0x7FFFFFFF) % 7 for key in keys]


def test_viewers_spread_over_all_partitions() -> None:
    keys = np.array([f"u{number:08d}".encode() for number in range(20_000)])
    counts = np.bincount(partitions_of(keys, 8), minlength=8)
    assert counts.min() > 0.9 * counts.max()


def columns(kind: str, **given: np.ndarray) -> EventBatch:
    count = len(next(iter(given.values())))
    nothing = np.zeros(count, dtype=np.int64)
    return EventBatch(kind_named(*kind.split(".")), nothing, nothing, given, nothing)


def told(batch: EventBatch, field: str) -> list[bytes]:
    keys = keys_of(batch, field)
    assert keys.partition(7).tolist() == partitions_of(np.array(keys.objects().tolist()), 7).tolist()
    assert {type(key) for key in keys.objects().tolist()} == {bytes}
    return keys.objects().tolist()


def test_keys_are_the_text_that_the_record_shows() -> None:
    numbers = np.array([0, 0, 7, 99_999_999, 99_999_999, 7, 0])
    assert told(columns("journeys.play", user_id=numbers), "user_id") == [
        f"u{n:08d}".encode() for n in numbers
    ]
    items = np.array([0, 9_999_999], dtype=np.int32)
    assert told(columns("catalog.born", item_id=items), "item_id") == [b"t0000000", b"t9999999"]


def test_runs_of_a_key_are_told_apart() -> None:
    numbers = np.repeat(np.random.default_rng(3).integers(0, 4, 500), 2)
    assert told(columns("journeys.play", user_id=numbers), "user_id") == [
        f"u{n:08d}".encode() for n in numbers
    ]


def test_text_keys_are_kept_whole() -> None:
    subjects = np.array(["shift:a", "7f3ac00001-000000000007", "é"], dtype=object)
    expected = [b"shift:a", b"7f3ac00001-000000000007", "é".encode()]
    assert told(columns("truth.label", subject=subjects), "subject") == expected


def test_a_session_is_keyed_as_it_is_shown() -> None:
    kind = kind_named("truth", "household")
    columns = {name: np.array([3, 12]) for name in ("member", "members", "role")}
    columns |= {"user_id": np.array([7, 99_999_999]), "subject": np.array([0, 12_345])}
    batch = EventBatch(kind, np.zeros(2, np.int64), np.zeros(2, np.int64), columns, np.zeros(2, np.int64))
    assert keys_of(batch, "subject").objects().tolist() == [b"s00000007-00000", b"s99999999-12345"]
