"""Batches of every kind with values from anywhere in their range, and what a reader should find in them."""

from typing import Any

import numpy as np

from sim.batch import EventBatch
from sim.events import KINDS, Field, RecordKind

WORDS = ("a", 'quoted "word"', "back\\slash", "ümlaut ça", "новости", "tab\tand\nline", "📺", "x" * 40)
VOCABULARIES = {field.vocabulary: WORDS for kind in KINDS for field in kind.fields if field.vocabulary}
TEXTS = [
    "",
    "plain",
    "zero\u200bwidth",
    "а kirillic",
    '"quotes" and \\',
    "line\nbreak\x00\x1f",
    "🎬🎵",
    "x" * 5_000,
]
HELD: dict[str, list[Any]] = {
    "boolean": [True, False, None],
    "number": [0.0, 1.5, -2.25, None],
    "instant": [0, 1_767_571_200_000, None],
    "strings": [[], ["a"], ["north", "ümlaut"]],
}
JSONS: list[Any] = [
    None,
    [],
    {},
    [1, 2.5, "é", None, True],
    {"a": {"b": ["c"]}},
    [{"kind": "leet", "strength": 0.5}],
]
TAG = "7f3a"


def extremes(field: Field) -> list[Any]:
    most = {"user": 10**8 - 1, "item": 10**7 - 1, "session": 99_999, "slate": 999, "instant": 10**13 - 1}
    if field.type == "count":
        return [0, 1, 10**field.digits - 1]
    if field.type == "share":
        return [0.0, 1.0, 1 / 4096, 4095 / 4096, 0.5]
    if field.type == "label":
        return list(range(len(WORDS)))
    if field.type == "json" and field.holds != "any":
        return HELD[field.holds]
    return {"text": TEXTS, "json": JSONS}.get(field.type) or [0, 1, most[field.type]]


def column(field: Field, count: int, rng: np.random.Generator) -> np.ndarray:
    edges = extremes(field)
    if field.type in ("text", "json"):
        values = np.empty(count, dtype=object)
        values[:] = [edges[int(place)] for place in rng.integers(0, len(edges), count)]
        return values
    if field.type == "share":
        return np.concatenate([edges, rng.random(count)])[rng.permutation(count)].astype(np.float32)
    if field.type == "label":
        return rng.integers(0, len(edges), count).astype(np.uint8)
    drawn = np.concatenate([edges, rng.integers(0, max(edges) + 1, count)])[:count]
    return rng.permutation(drawn)


def batch_of(kind: RecordKind, count: int = 2_500, seed: int = 0) -> EventBatch:
    rng = np.random.default_rng(seed)
    at = rng.integers(10**12, 10**13, count)
    columns = {field.name: column(field, count, rng) for field in kind.fields}
    number = rng.integers(0, 10**12, count)
    number[0] = 10**12 - 1
    return EventBatch(kind, at, rng.integers(0, 65_002, count), columns, number)


def meant(batch: EventBatch, field: Field, row: int) -> Any:
    """What a reader should find."""
    columns = {name: values[row] for name, values in batch.columns.items()}
    value = columns[field.name]
    if field.type == "session":
        return f"s{columns['user_id']:08d}-{value:05d}"
    if field.type == "slate":
        return f"s{columns['user_id']:08d}-{columns['session_id']:05d}-{value:03d}"
    if field.type in ("user", "item"):
        return f"u{value:08d}" if field.type == "user" else f"t{value:07d}"
    if field.type == "label":
        return WORDS[value]
    return value
