"""Failures of enrichment, and the dead letters that tell of them."""

import base64
from dataclasses import dataclass
from typing import Any, Literal

import orjson

__all__ = ["Failure", "FailureError", "Reason", "dead_letter"]

Reason = Literal[
    "malformed",
    "bad_spec",
    "unknown_generator",
    "bad_params",
    "render_failed",
    "render_timeout",
    "worker_died",
    "too_large",
]


@dataclass(frozen=True)
class Failure:
    """Why a record could not be enriched; plain values, so that it crosses process borders."""

    reason: Reason
    error_type: str
    message: str


class FailureError(Exception):
    """A failure on its way to the dead letters."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.reason}: {failure.message}")
        self.failure = failure


def dead_letter(
    failure: Failure,
    *,
    topic: str,
    partition: int,
    offset: int,
    key: bytes | None,
    value: bytes,
    timestamp_ms: int,
    told: bytes | None = None,
) -> dict[str, Any]:
    """The dead letter of a source record: the reason, where the record stands, and its bytes in base64.

    ``told`` is what the bytes say, as JSON, if they are in another format.
    ``source`` (topic, partition and offset) is its key: a repeat of the same letter has the same key.
    """
    event_id, occurred_at = _identity(told or value)
    return {
        "source": f"{topic}/{partition}/{offset}",
        "event_id": event_id,
        "kind": "dead_letter",
        "occurred_at": timestamp_ms if occurred_at is None else occurred_at,
        "schema_version": 1,
        "synthetic": True,
        "reason": failure.reason,
        "error_type": failure.error_type,
        "message": failure.message,
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "key": None if key is None else key.decode(errors="replace"),
        "original": base64.b64encode(value).decode(),
    }


def _identity(value: bytes) -> tuple[str | None, int | None]:
    try:
        record = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None, None
    if not isinstance(record, dict):
        return None, None
    event_id, occurred_at = record.get("event_id"), record.get("occurred_at")
    return event_id if isinstance(event_id, str) else None, occurred_at if isinstance(
        occurred_at, int
    ) else None
