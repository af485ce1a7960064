import base64
from typing import Any

import orjson
import pytest

from media_gen.spec import MediaSpec
from streams.enrich.enrichment import Origin, asset_record, decode, enrich, origin_of, reference, requested
from streams.enrich.failures import Failure, FailureError, dead_letter
from tests.streams.enrich.enricher import source, swatch

FILES = [
    {
        "role": "image",
        "name": "a.png",
        "uri": "file:///s/a.png",
        "sha256": "aa",
        "bytes": 1,
        "media_type": "image/png",
    },
    {
        "role": "depth",
        "name": "d.npz",
        "uri": "file:///s/d.npz",
        "sha256": "dd",
        "bytes": 2,
        "media_type": "x/npz",
    },
]


def asset(annotations: dict[str, Any]) -> dict[str, Any]:
    return asset_record(
        MediaSpec(kind="swatch", params={"size": 4}, seed=7),
        Origin("7f3ak00001-000000000000", 1_700_000_000_000),
        asset_id="c0ffee",
        medium="visual",
        generator_version="1",
        files=FILES,
        annotations=annotations,
        annotations_uri="file:///s/annotations.json",
    )


def test_a_record_without_media_asks_for_nothing() -> None:
    assert requested(source(1)) == ()
    assert requested({**source(1), "media": None}) == ()


def test_one_spec_and_a_list_of_specs_are_both_requests() -> None:
    one, other = swatch(1), swatch(2)
    assert requested(source(1, one)) == (MediaSpec(**one),)
    assert requested(source(1, [one, other, one])) == (MediaSpec(**one), MediaSpec(**other))


@pytest.mark.parametrize("value", [b"\xff", b"", b"{", b"[1]", b'"text"', b"null"])
def test_what_is_not_a_json_object_is_malformed(value: bytes) -> None:
    with pytest.raises(FailureError, match="malformed"):
        decode(value)


@pytest.mark.parametrize(
    ("media", "part"),
    [
        ({"kind": "swatch"}, "seed: Field required"),
        ({"kind": "swatch", "seed": -1}, "seed: Input should be greater than or equal to 0"),
        ({"kind": "swatch", "seed": 1, "parms": {}}, "parms: Extra inputs are not permitted"),
        ("key art, please", "media: Input should be"),
        ([{"kind": "swatch", "seed": 1}, 7], "media: Input should be"),
    ],
)
def test_what_is_not_a_spec_is_told_with_the_field_and_the_rule(media: object, part: str) -> None:
    with pytest.raises(FailureError) as caught:
        requested(source(1, media))
    assert caught.value.failure.reason == "bad_spec"
    assert part in caught.value.failure.message


@pytest.mark.parametrize(
    "wrong",
    [{"event_id": 7}, {"event_id": ""}, {"occurred_at": "now"}, {"occurred_at": True}, {"occurred_at": None}],
)
def test_a_record_that_does_not_say_who_and_when_is_malformed(wrong: dict[str, object]) -> None:
    with pytest.raises(FailureError, match=next(iter(wrong))):
        origin_of({**source(1), **wrong})


def test_the_enriched_record_is_the_source_record_and_its_assets() -> None:
    record = source(1, swatch(7))
    enriched = enrich(record, [reference(asset({}))])
    assert {name: enriched[name] for name in record} == record
    (attached,) = enriched["assets"]
    assert attached["asset_id"] == "c0ffee"
    assert attached["uris"] == {"image": "file:///s/a.png", "depth": "file:///s/d.npz"}
    assert attached["sha256"] == "aa"


def test_an_asset_tells_how_to_make_it_again() -> None:
    provenance = asset({})["provenance"]
    assert MediaSpec(**provenance["spec"]) == MediaSpec(kind="swatch", params={"size": 4}, seed=7)
    assert (provenance["generator_version"], provenance["seed"]) == ("1", 7)
    assert provenance["source_event_id"] == "7f3ak00001-000000000000"
    assert provenance["digital_source_type"].endswith("/algorithmicMedia")


@pytest.mark.parametrize(("length", "inline"), [(100, True), (64 * 1024, False)])
def test_large_annotations_stay_in_the_store(length: int, inline: bool) -> None:
    record = asset({"remarks": "x" * length})
    assert (record["annotations"] is not None) == inline
    assert record["annotations_uri"] == "file:///s/annotations.json"


@pytest.mark.parametrize("value", [b"\xff\x00", b'{"event_id":"e","occurred_at":5}', b"[]"])
def test_a_dead_letter_keeps_the_original_bytes_and_their_place(value: bytes) -> None:
    failure = Failure("malformed", "ValueError", "why")
    letter = dead_letter(
        failure, topic="catalog", partition=3, offset=18, key=b"\xfe", value=value, timestamp_ms=99
    )
    assert base64.b64decode(letter["original"]) == value
    assert (letter["source"], letter["reason"], letter["message"]) == ("catalog/3/18", "malformed", "why")
    known = value.startswith(b"{")
    assert (letter["event_id"], letter["occurred_at"]) == (("e", 5) if known else (None, 99))
    orjson.dumps(letter)
