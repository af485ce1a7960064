"""Records of any bytes: counted or put aside by every reader, never a crash, never memory that grows with them."""

import gc
import tracemalloc

import numpy as np
import orjson
from hypothesis import given
from hypothesis import strategies as st

from streams.delivery import TOPIC_LETTERS
from streams.enrich.enrichment import decode, origin_of, requested
from streams.enrich.failures import Failure, FailureError, dead_letter
from streams.watch.envelope import read_envelopes
from streams.watch.feed import Chunk
from streams.watch.heads import read_heads
from streams.watch.intake import AUDIT_TOPIC
from streams.watch.monitor import Monitor
from streams.watch.page.panels import Panels, Playbill
from tests.fuzz.values import DEEP, JSON, RECORD_BYTES, good_records
from tests.streams.watch.drifting_run import WATCH

Values = list[tuple[str, bytes | None]]
MANY = st.lists(RECORD_BYTES, min_size=1, max_size=12)


def chunks(values: Values, *, first: int = 0) -> list[Chunk]:
    by_topic: dict[str, list[bytes | None]] = {}
    for topic, value in values:
        by_topic.setdefault(topic, []).append(value)
    return [
        Chunk(
            topic,
            0,
            np.arange(first, first + len(some)),
            np.full(len(some), 1_767_571_200_000),
            some,
            {place: b"7f3aj00012-000000104455" for place, value in enumerate(some) if value is None},
        )
        for topic, some in by_topic.items()
    ]


@given(MANY)
def test_heads_are_read_or_not_and_those_of_good_records_always(values: Values) -> None:
    good = set(good_records())
    for chunk in chunks(values):
        heads = read_heads(chunk.values, TOPIC_LETTERS[chunk.topic], chunk.endings)
        envelopes = read_envelopes(chunk.values)
        assert len(heads) == len(envelopes.sound) == len(chunk)
        assert (heads.number[heads.readable] >= 0).all()
        for place, value in enumerate(chunk.values):
            assert heads.tombstone[place] == (value is None)
            if (chunk.topic, value) in good:
                assert heads.readable[place]
                assert envelopes.sound[place]


@given(MANY, st.lists(st.one_of(st.none(), st.binary(max_size=80), JSON.map(str).map(str.encode))))
def test_the_monitor_takes_everything_and_its_counts_add_up(
    values: Values, progress: list[bytes | None]
) -> None:
    monitor = Monitor(WATCH)
    for chunk in chunks(values):
        monitor.take(chunk)
    if progress:
        monitor.take(
            Chunk(AUDIT_TOPIC, 0, np.arange(len(progress)), np.zeros(len(progress), np.int64), progress)
        )
    monitor.advance()
    monitor.publish_metrics({}, settled=True)
    report = monitor.report(settled=True)
    assert report.records == len(values)
    orjson.dumps(report.as_json())
    orjson.dumps(monitor.drift_page())


@given(MANY)
def test_the_page_takes_everything(values: Values) -> None:
    panels = Panels(Playbill("fuzz", "tiny"), clock=lambda: 0.0)
    monitor = Monitor(WATCH, observers=[panels.take])
    for chunk in chunks(values):
        monitor.take(chunk)
    for ended in (False, True):
        verdict = monitor.audit.verdict(settled=ended).as_json()
        orjson.dumps(panels.look(monitor, verdict, monitor.drift_page(), {}, ended=ended))


@given(RECORD_BYTES)
def test_the_enricher_takes_a_record_or_says_why_not_and_keeps_its_bytes(
    record: tuple[str, bytes | None],
) -> None:
    topic, value = record
    try:
        tree = decode(value or b"")
        requested(tree)
        origin_of(tree)
    except FailureError as error:
        failure = error.failure
    else:
        failure = Failure("render_failed", "Error", "no reason")
    letter = dead_letter(
        failure, topic=topic, partition=0, offset=7, key=b"\xff", value=value or b"", timestamp_ms=5
    )
    told = orjson.loads(orjson.dumps(letter))
    assert told["source"] == f"{topic}/0/7"
    assert isinstance(told["occurred_at"], int)


@given(JSON)
def test_any_media_is_a_spec_or_a_reason(media: object) -> None:
    try:
        found = requested({"media": media})
    except FailureError as error:
        found = error.failure
    assert isinstance(found, tuple) or (found.reason == "bad_spec" and len(found.message) <= 2000)


BAD = [
    b"\xff\xfe",
    b"[" * DEEP,
    b'{"event_id":"' + b"x" * 5000 + b'"}',
    b'{"event_id":"7f3aj00012-00000010445x","kind":"play"}',
    b'{"event_id":"7f3aj00012-000000104455","kind":"' + b"k" * 3000 + b'"}',
    b"\0\0\0\0\1" + b"\xff" * 100,
]


def test_bad_records_by_the_hundred_thousand_take_no_memory() -> None:
    monitor = Monitor(WATCH)

    def feed(rounds: int, first: int) -> None:
        for turn in range(rounds):
            values = [("journeys", BAD[turn % len(BAD)])] * 200
            for chunk in chunks(values, first=first + turn * 200):
                monitor.take(chunk)

    feed(60, 0)
    tracemalloc.start()
    try:
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        feed(240, 12_000)
        gc.collect()
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert after - before < 200_000, "four bytes a bad record at most"
    assert monitor.report(settled=True).audit.total.corrupted > 0
