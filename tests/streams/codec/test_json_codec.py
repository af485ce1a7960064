"""Every kind of record: its line parses, and says what the columns say, even at their extremes."""

import json

import numpy as np
import pytest

from sim.events import ENVELOPE, KINDS, RecordKind
from sim.numbering import event_ids
from streams.codec.json_codec import JsonCodec
from streams.codec.layout import Layout
from tests.streams.codec.batches import TAG, VOCABULARIES, batch_of, meant

CODEC = JsonCodec(TAG, VOCABULARIES)


@pytest.fixture(params=KINDS, ids=lambda kind: f"{kind.topic}.{kind.name}")
def kind(request: pytest.FixtureRequest) -> RecordKind:
    found: RecordKind = request.param
    return found


def test_lines_say_what_the_columns_say(kind: RecordKind) -> None:
    batch = batch_of(kind)
    lines = CODEC.lines(batch)
    assert len(lines) == len(batch)
    ids = event_ids(TAG, kind.topic, batch.source.tolist(), batch.number.tolist())
    for row, line in enumerate(lines):
        told = json.loads(line)
        assert told["event_id"] == ids[row]
        assert (told["kind"], told["occurred_at"], told["schema_version"], told["synthetic"]) == (
            kind.name,
            batch.at[row],
            1,
            True,
        )
        for field in kind.fields:
            value = meant(batch, field, row)
            if field.type == "share":
                assert told[field.name] == pytest.approx(float(value), abs=6e-7)
            elif value is None:
                assert field.name not in told
            else:
                assert told[field.name] == value


def test_the_fields_stand_in_the_order_of_the_schema(kind: RecordKind) -> None:
    batch = batch_of(kind, 30)
    names = [name for name, _ in ENVELOPE] + [field.name for field in kind.fields]
    for line in CODEC.lines(batch):
        told = list(json.loads(line))
        assert told == [name for name in names if name in told]


def test_a_line_is_one_line(kind: RecordKind) -> None:
    assert all(b"\n" not in line and line == line.strip() for line in CODEC.lines(batch_of(kind, 300)))


def test_lines_of_a_columnar_kind_are_of_one_width(kind: RecordKind) -> None:
    widths = {len(line) for line in CODEC.lines(batch_of(kind, 300))}
    if kind.columnar:
        assert widths == {Layout(kind, TAG, VOCABULARIES).width}
    else:
        assert len(widths) > 1


def test_the_size_is_that_of_the_lines(kind: RecordKind) -> None:
    batch = batch_of(kind, 1_500)
    assert CODEC.size(batch) == sum(map(len, CODEC.lines(batch)))


def test_a_batch_is_encoded_as_its_parts_are(kind: RecordKind) -> None:
    batch = batch_of(kind, 2_049)
    rows = np.split(np.arange(2_049), [1, 7, 1_024, 1_500])
    assert CODEC.lines(batch) == [line for part in rows for line in CODEC.lines(batch.rows(part))]


def test_the_least_propensity_keeps_its_value() -> None:
    impression = next(kind for kind in KINDS if kind.name == "impression")
    batch = batch_of(impression, 10)
    batch.columns["propensity"][:] = np.float32(1 / 4096)
    for line in CODEC.lines(batch):
        assert json.loads(line)["propensity"] == pytest.approx(1 / 4096, rel=1e-3)


def test_a_number_too_large_for_its_field_is_refused() -> None:
    play = next(kind for kind in KINDS if kind.name == "play")
    batch = batch_of(play, 10)
    batch.columns["duration_ms"][3] = 2**32 + 17
    with pytest.raises(OverflowError, match="4294967313 is not a number of at most 8 digits"):
        CODEC.lines(batch)
