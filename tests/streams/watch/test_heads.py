import orjson
import pytest

from streams.watch.heads import read_heads

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
