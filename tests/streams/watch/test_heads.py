import orjson
import pytest

from sim.events import KINDS, RecordKind
from streams.codec.codec import FRAMED
from streams.codec.framing import framing
from streams.codec.json_codec import JsonCodec
from streams.codec.terms import Terms
from streams.delivery import TOPIC_LETTERS
from streams.watch.heads import read_heads
from tests.streams.codec.batches import TAG, VOCABULARIES, batch_of

GOOD = b'{"event_id":"7f3aj00012-000000104455","kind":"play","occurred_at":1}'


def test_reads_tag_source_number_and_kind() -> None:
    heads = read_heads([GOOD, GOOD.replace(b"00012-", b"65535-").replace(b"play", b"abandon")], "j")
    assert heads.readable.tolist() == [True, True]
    assert heads.tag.tolist() == [0x7F3A, 0x7F3A]
    assert heads.source.tolist() == [12, 65535]
    assert heads.number.tolist() == [104455, 104455]
    assert heads.of_kind(["play"]).tolist() == [True, False]
    assert heads.of_kind(["play", "abandon"]).tolist() == [True, True]
    assert heads.of_kind(["pla"]).tolist() == [False, False]


def test_the_largest_number_is_exact() -> None:
    heads = read_heads([GOOD.replace(b"000000104455", b"999999999999")], "j")
    assert heads.number.tolist() == [999_999_999_999]


def test_other_spacing_and_order_of_fields_is_read_too() -> None:
    record = orjson.loads(GOOD)
    spaced = orjson.dumps(record, option=orjson.OPT_INDENT_2)
    turned = orjson.dumps(dict(reversed(record.items())))
    heads = read_heads([spaced, GOOD, turned], "j")
    assert heads.number.tolist() == [104455] * 3
    assert heads.of_kind(["play"]).all()


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"?",
        b"null",
        b"[]",
        b'{"kind":"play"}',
        b'{"event_id":5,"kind":"play"}',
        GOOD[:30],
        GOOD.replace(b"-", b"+"),
        GOOD.replace(b"7f3a", b"7F3A"),
        GOOD.replace(b"104455", b"10445x"),
        GOOD.replace(b"aj00", b"ak00"),
        b'{"event_id":"\xff","kind":"play"}',
        b'{"event_id":"\\ud800","kind":"play"}',
    ],
)
def test_what_bears_no_event_id_of_the_topic_is_unreadable(value: bytes) -> None:
    heads = read_heads([GOOD, value, GOOD], "j")
    assert heads.readable.tolist() == [True, False, True]
    assert not heads.tombstone.any()


def test_a_tombstone_is_neither_readable_nor_malformed() -> None:
    heads = read_heads([None, GOOD], "j")
    assert heads.tombstone.tolist() == [True, False]
    assert heads.readable.tolist() == [False, True]


def test_a_tombstone_is_known_by_the_event_id_in_its_header() -> None:
    heads = read_heads([None, GOOD, None], "j", {2: b"7f3aj00012-000000104456"})
    assert heads.tombstone.tolist() == [True, False, True]
    assert heads.readable.tolist() == [False, True, True]
    assert heads.number[1:].tolist() == [104455, 104456]
    assert heads.of_kind(["play", "erased"]).tolist() == [False, True, False]


@pytest.mark.parametrize("name", [b"", b"7f3aj00012", b"7f3aa00012-000000104456", b"7f3aj00012-00000010445x"])
def test_a_header_that_is_no_event_id_proves_nothing(name: bytes) -> None:
    heads = read_heads([None], "j", {0: name})
    assert heads.tombstone.tolist() == [True]
    assert not heads.readable.any()


def test_no_records_have_no_heads() -> None:
    assert len(read_heads([], "j")) == 0
    assert read_heads([], "j").of_kind(["play"]).tolist() == []


@pytest.mark.parametrize("format_name", FRAMED)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.topic}.{kind.name}")
def test_every_kind_in_every_format_has_the_same_head(kind: RecordKind, format_name: str) -> None:
    batch = batch_of(kind, 20)
    plain = JsonCodec(TAG, VOCABULARIES).lines(batch)
    framed = FRAMED[format_name](Terms(TAG, VOCABULARIES, ids={kind: 2**31 - 5})).lines(batch)
    mixed = [pair[row % 2] for row, pair in enumerate(zip(plain, framed, strict=True))]
    for values in (framed, mixed):
        heads = read_heads(values, TOPIC_LETTERS[kind.topic])
        assert heads.readable.all()
        assert heads.of_kind([kind.name]).all()
        assert not heads.of_kind([kind.name[:-1], kind.name + "s"]).any()
        assert heads.number.tolist() == batch.number.tolist()
        assert heads.source.tolist() == batch.source.tolist()
        assert set(heads.tag.tolist()) == {int(TAG, 16)}


@pytest.mark.parametrize("spoilt", [b"\0", framing(7), framing(7) + b"\x2e", framing(7) + b"\0\x0a\x17abc"])
def test_a_frame_around_no_record_is_unreadable(spoilt: bytes) -> None:
    assert read_heads([GOOD, spoilt], "j").readable.tolist() == [True, False]


def test_framed_json_of_other_spacing_is_read_too() -> None:
    spaced = framing(7) + orjson.dumps(orjson.loads(GOOD), option=orjson.OPT_INDENT_2)
    assert read_heads([spaced], "j").number.tolist() == [104455]
