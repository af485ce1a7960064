"""Checks of transactions: what committed readers see, offsets within them, and fencing."""

from confluent_kafka import KafkaException, Producer, TopicPartition

from streams.cluster.conformance.scene import PATIENCE_S, NonconformityError, Scene, expect, take


def committed_reads(scene: Scene) -> str:
    """A read-committed reader sees what was committed and nothing that was aborted."""
    topic = scene.topic()
    producer = _transactional(scene)
    for value, commit in ((b"first", True), (b"aborted", False), (b"second", True)):
        producer.begin_transaction()
        producer.produce(topic, value, partition=0)
        producer.flush(PATIENCE_S)
        if commit:
            producer.commit_transaction(PATIENCE_S)
        else:
            producer.abort_transaction(PATIENCE_S)
    with scene.consumer(isolation_level="read_committed") as consumer:
        consumer.assign([TopicPartition(topic, 0, 0)])
        committed = [message.value() for message in take(consumer, 3, patience_s=2.0)]
    expect(committed == [b"first", b"second"], f"first and second were committed, {committed} is read")
    every = [message.value() for message in scene.read(topic, count=3, isolation_level="read_uncommitted")]
    expect(every == [b"first", b"aborted", b"second"], f"an uncommitted reader sees {every}")
    return "2 committed, 1 aborted"


def open_transactions(scene: Scene) -> str:
    """A read-committed reader waits at a transaction that is still open."""
    topic = scene.topic()
    producer = _transactional(scene)
    producer.begin_transaction()
    producer.produce(topic, b"open", partition=0)
    producer.flush(PATIENCE_S)
    with scene.consumer(isolation_level="read_committed") as consumer:
        consumer.assign([TopicPartition(topic, 0, 0)])
        early = take(consumer, 1, patience_s=1.0)
        expect(not early, "a record of an open transaction is read")
        producer.commit_transaction(PATIENCE_S)
        expect(len(take(consumer, 1)) == 1, "the record is not read after the commit")
    return "held back, then read"


def offsets_in_transactions(scene: Scene) -> str:
    """Offsets sent within a transaction count if it commits, and do not if it is aborted."""
    source = scene.topic()
    scene.send(source, [b"x"] * 50)
    producer = _transactional(scene)
    with scene.consumer() as consumer:
        consumer.subscribe([source])
        take(consumer, 50)
        for offset, commit in ((20, True), (40, False)):
            producer.begin_transaction()
            sent = [TopicPartition(source, 0, offset)]
            producer.send_offsets_to_transaction(sent, consumer.consumer_group_metadata(), PATIENCE_S)
            if commit:
                producer.commit_transaction(PATIENCE_S)
            else:
                producer.abort_transaction(PATIENCE_S)
        (found,) = consumer.committed([TopicPartition(source, 0)], timeout=PATIENCE_S)
    expect(found.offset == 20, f"20 was committed and 40 aborted, the group is at {found.offset}")
    return "committed 20, aborted 40"


def fencing(scene: Scene) -> str:
    """A second producer with the same transactional id shuts out the first."""
    topic = scene.topic()
    first = _transactional(scene)
    _transactional(scene)
    first.begin_transaction()
    try:
        first.produce(topic, b"x", partition=0)
        first.commit_transaction(PATIENCE_S)
    except KafkaException as error:
        name: str = error.args[0].name()
        expect(name in ("_FENCED", "PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH"), f"it is stopped by {name}")
        return name.strip("_").lower()
    finally:
        first.purge()
    raise NonconformityError("the first producer commits as if nothing had happened")


def _transactional(scene: Scene) -> Producer:
    producer = scene.producer(transactional_id=scene.name)
    producer.init_transactions(PATIENCE_S)
    return producer


CHECKS = (committed_reads, open_transactions, offsets_in_transactions, fencing)
