"""Enrichment as a pure function: a source record and its assets in, the enriched record out.

A source record asks for media with its field ``media``: one media spec, or a list of them. Records without
that field are not enriched. What an asset is, and where it lies, stands in its asset record, which the
store keeps as the asset's manifest and the topic ``assets`` carries.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import orjson
from pydantic import ValidationError

from media_gen.spec import MediaSpec
from streams.enrich.failures import Failure, FailureError

__all__ = [
    "INLINE_ANNOTATIONS_BYTES",
    "Origin",
    "asset_record",
    "decode",
    "enrich",
    "origin_of",
    "reference",
    "requested",
]

INLINE_ANNOTATIONS_BYTES = 64 * 1024
SCHEMA_VERSION = 1
TOOL = "greenroom"
ALGORITHMIC_MEDIA = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"

Record = dict[str, Any]


@dataclass(frozen=True)
class Origin:
    """The record that first asked for an asset."""

    event_id: str
    occurred_at: int


def decode(value: bytes) -> Record:
    """A source record from its bytes; FailureError "malformed" if they are not one JSON object."""
    try:
        record = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise FailureError(
            Failure("malformed", "JSONDecodeError", f"the value is not JSON: {error}")
        ) from error
    if not isinstance(record, dict):
        raise _malformed(f"the value must be a JSON object, not {type(record).__name__}")
    return record


def requested(record: Record) -> tuple[MediaSpec, ...]:
    """The media specs of the record, in its order, each once; FailureError "bad_spec" if one is none."""
    media = record.get("media")
    if media is None:
        return ()
    asked = media if isinstance(media, list) else [media]
    try:
        specs = [MediaSpec.model_validate(spec) for spec in asked]
    except ValidationError as error:
        raise FailureError(Failure("bad_spec", "ValidationError", _told(error, media))) from error
    return tuple({spec.fingerprint(""): spec for spec in specs}.values())


def origin_of(record: Record) -> Origin:
    """Who asks, and when; FailureError "malformed" if the record does not say."""
    event_id, occurred_at = record.get("event_id"), record.get("occurred_at")
    if not isinstance(event_id, str) or not event_id:
        raise _malformed(f"event_id must be a text that is not empty, not {event_id!r}")
    if not isinstance(occurred_at, int) or isinstance(occurred_at, bool):
        raise _malformed(
            f"occurred_at must be a whole number of milliseconds since the epoch, not {occurred_at!r}"
        )
    return Origin(event_id, occurred_at)


def asset_record(
    spec: MediaSpec,
    origin: Origin,
    *,
    asset_id: str,
    medium: str,
    generator_version: str,
    files: Iterable[Mapping[str, Any]],
    annotations: Mapping[str, Any],
    annotations_uri: str,
) -> Record:
    """The record of one asset: what it is, where it lies, what is true about it, and how to make it again."""
    inline = len(orjson.dumps(annotations)) <= INLINE_ANNOTATIONS_BYTES
    return {
        "asset_id": asset_id,
        "kind": "asset",
        "occurred_at": origin.occurred_at,
        "schema_version": SCHEMA_VERSION,
        "synthetic": True,
        "medium": medium,
        "generator": spec.kind,
        "generator_version": generator_version,
        "spec": spec.model_dump(),
        "files": [dict(file) for file in files],
        "annotations": dict(annotations) if inline else None,
        "annotations_uri": annotations_uri,
        "provenance": {
            "generator": spec.kind,
            "generator_version": generator_version,
            "spec": spec.model_dump(),
            "seed": spec.seed,
            "source_event_id": origin.event_id,
            "tool": TOOL,
            "tool_version": version(TOOL),
            "digital_source_type": ALGORITHMIC_MEDIA,
        },
        "quality": {},
    }


def reference(asset: Mapping[str, Any]) -> Record:
    """What an enriched record says of an asset: its id, where its files lie, the media's digest."""
    uris: dict[str, str] = {}
    for file in asset["files"]:
        uris.setdefault(file["role"], file["uri"])
    return {
        "asset_id": asset["asset_id"],
        "medium": asset["medium"],
        "generator": asset["generator"],
        "uris": uris,
        "annotations_uri": asset["annotations_uri"],
        "sha256": asset["files"][0]["sha256"],
    }


def enrich(record: Record, references: Iterable[Mapping[str, Any]]) -> Record:
    """The source record with its assets.

    >>> enrich({"kind": "item_added", "item_id": "i7"}, [{"asset_id": "c0ffee", "medium": "visual"}])
    {'kind': 'item_added', 'item_id': 'i7', 'assets': [{'asset_id': 'c0ffee', 'medium': 'visual'}]}
    """
    return {**record, "assets": [dict(asset) for asset in references]}


def _malformed(message: str) -> FailureError:
    return FailureError(Failure("malformed", "ValueError", message))


def _told(error: ValidationError, media: object) -> str:
    problems = "; ".join(
        f"{'.'.join(map(str, p['loc'])) or 'media'}: {p['msg']}" for p in error.errors(include_url=False)
    )
    return f"media {media!r} is not a media spec: {problems}"[:2000]
