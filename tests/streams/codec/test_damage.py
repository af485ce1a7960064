"""Damaged bytes, in every format: nobody can read what is malformed, and everybody what is only too large."""

from typing import Any

import numpy as np
import orjson
import pytest

from sim.batch import EventBatch
from sim.events import kind_named
from sim.fate import DAMAGED, Fate
from streams.codec.avro_codec import AvroCodec
from streams.codec.damage import damaged, spoiled
from streams.codec.json_codec import JsonCodec
from streams.codec.json_schema_codec import JsonSchemaCodec
from streams.codec.protobuf_codec import ProtobufCodec
from streams.enrich.enrichment import decode, origin_of, requested
from streams.enrich.failures import FailureError
from streams.watch.envelope import read_envelopes
from streams.watch.heads import read_heads
from tests.streams.codec.batches import TAG, VOCABULARIES
from tests.streams.codec.test_formats import TERMS

CODECS: dict[str, Any] = {
    "json": JsonCodec(TAG, VOCABULARIES),
    "json_schema": JsonSchemaCodec(TERMS),
    "avro": AvroCodec(TERMS),
    "protobuf": ProtobufCodec(TERMS),
}
LIKE = kind_named("journeys", "like")
COUNT, SIZE = 30, 70_000
AT = np.arange(COUNT, dtype=np.int64) * 77_777 + 1_767_571_200_000


def likes(fate: Fate | None = None, skew: int = 0) -> EventBatch:
    rows = np.arange(COUNT, dtype=np.int64)
    own = {"user_id": rows * 7, "session_id": rows, "item_id": rows * 3}
    mess = None
    if fate is not None or skew:
        code = np.full(COUNT, fate or Fate.WHOLE, dtype=np.uint8)
        mess = {"leaves": AT, "skew": rows * 0 + skew, "fate": code, "amount": rows * 0 + SIZE}
    return EventBatch(LIKE, AT, rows % 5, own, rows + 100, mess)


@pytest.fixture(params=CODECS)
def codec(request: pytest.FixtureRequest) -> Any:
    return CODECS[request.param]


def test_what_is_whole_is_left_alone(codec: Any) -> None:
    lines = codec.lines(likes())
    assert damaged(list(lines), likes()) == lines
    assert damaged(list(lines), likes(Fate.DROPPED)) == lines
    heads, envelopes = read_heads(lines, "j"), read_envelopes(lines)
    assert heads.readable.all()
    assert envelopes.sound.all()
    assert envelopes.occurred.tolist() == AT.tolist()


@pytest.mark.parametrize("fate", [Fate.TRUNCATED, Fate.GARBLED])
def test_what_is_malformed_names_nobody(codec: Any, fate: Fate) -> None:
    spoilt = damaged(codec.lines(likes()), likes(fate))
    assert not read_heads(spoilt, "j").readable.any()
    assert all(spoilt)
    assert not any(b"\n" in value for value in spoilt if fate is Fate.GARBLED)


def test_what_is_oversized_is_large_and_says_the_same(codec: Any) -> None:
    lines = codec.lines(likes())
    spoilt = damaged(list(lines), likes(Fate.OVERSIZED))
    assert min(map(len, spoilt)) >= SIZE
    assert read_heads(spoilt, "j").readable.all()
    assert read_envelopes(spoilt).occurred.tolist() == AT.tolist()
    if spoilt[0].startswith(b"{"):
        assert [orjson.loads(value) for value in spoilt] == [orjson.loads(value) for value in lines]


@pytest.mark.parametrize("fate", [Fate.WRONG_TYPE, Fate.FIELD_MISSING])
def test_what_breaks_its_schema_can_be_named(codec: Any, fate: Fate) -> None:
    spoilt = damaged(codec.lines(likes()), likes(fate))
    heads = read_heads(spoilt, "j")
    assert heads.readable.all()
    assert heads.number.tolist() == list(range(100, 100 + COUNT))
    assert not read_envelopes(spoilt).sound.any()


def test_json_that_breaks_its_schema_is_json(codec: Any) -> None:
    line = CODECS["json"].lines(likes())[0]
    wrong, missing = (
        orjson.loads(spoiled(line, fate, size=0, number=1)) for fate in (Fate.WRONG_TYPE, Fate.FIELD_MISSING)
    )
    whole = orjson.loads(line)
    assert wrong == whole | {"occurred_at": str(whole["occurred_at"])}
    assert missing == {name: value for name, value in whole.items() if name != "occurred_at"}


def test_a_device_tells_its_own_time(codec: Any) -> None:
    lines = codec.lines(likes(skew=-5_000).as_told())
    assert (read_envelopes(lines).occurred - AT).tolist() == [-5_000] * COUNT


@pytest.mark.parametrize("fate", DAMAGED)
def test_what_the_enricher_cannot_use_becomes_a_dead_letter(fate: Fate) -> None:
    body = {
        "event_id": "7f3ac00001-000000000007",
        "kind": "upload",
        "occurred_at": 1_767_571_200_000,
        "media": [{"kind": "key_art", "params": {"title": "A", "genre": "drama"}, "seed": 1}],
    }
    value = spoiled(orjson.dumps(body), fate, size=SIZE, number=7)
    if fate is Fate.OVERSIZED:
        assert len(requested(decode(value))) == 1
        return
    with pytest.raises(FailureError) as refused:
        _asked_for(value)
    assert refused.value.failure.reason == "malformed"


def _asked_for(value: bytes) -> None:
    record = decode(value)
    assert requested(record)
    origin_of(record)
