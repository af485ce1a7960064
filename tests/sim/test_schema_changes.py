"""Schema changes: records gain and lose fields at a moment, alike in every sharding, and the truth tells of it."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.batch import EventBatch, Tick
from sim.names import UnknownNameError
from sim.pace import Pace
from sim.scenario import Scenario
from sim.schema_changes import evolved_kinds
from sim.testing import tiny_scenario
from sim.world import World

HOUR = 3_600_000
CHANGES = [
    {
        "name": "surface",
        "at": "1h7m",
        "topic": "journeys",
        "kind": "play",
        "add_field": {"name": "surface", "type": "label", "values": {"home": 3, "detail_page": 1}},
    },
    {
        "name": "bitrate",
        "at": "2h",
        "topic": "journeys",
        "kind": "play",
        "add_field": {"name": "bitrate_kbps", "type": "count", "values": [800, 6000]},
    },
    {"name": "no_origin", "at": "90m", "topic": "journeys", "kind": "play", "remove_field": "origin"},
]


def changed(**more: Any) -> Scenario:
    return tiny_scenario(schema_changes=CHANGES, **more)


def ticks(scenario: Scenario, until: int = 3 * HOUR, shard: tuple[int, int] = (0, 1)) -> list[Tick]:
    found = []
    for tick in World(scenario, shard=shard, pace=Pace(300_000)).ticks():
        if tick.at >= scenario.start_ms + until:
            return found
        found.append(tick)
    return found


def plays(scenario: Scenario, **how: Any) -> list[EventBatch]:
    return [b for tick in ticks(scenario, **how) for b in tick.batches if b.kind.name == "play"]


def test_fields_come_and_go_at_their_moment() -> None:
    scenario = changed()
    moments = [scenario.start_ms + at for at in (67 * 60_000, 90 * 60_000, 120 * 60_000)]
    seen: Counter[int] = Counter()
    for batch in plays(scenario):
        assert set(np.searchsorted(moments, batch.at, side="right") + 1) == {batch.kind.version}
        names = [field.name for field in batch.kind.fields]
        assert ("surface" in names) == (batch.kind.version >= 2)
        assert ("origin" in names) == (batch.kind.version < 3)
        assert ("bitrate_kbps" in names) == (batch.kind.version == 4)
        seen[batch.kind.version] += len(batch)
    assert set(seen) == {1, 2, 3, 4}


def test_values_are_within_what_was_asked_for() -> None:
    newest = [batch for batch in plays(changed(), until=6 * HOUR) if batch.kind.version == 4]
    rates = np.concatenate([batch.columns["bitrate_kbps"] for batch in newest])
    assert rates.min() >= 800
    assert rates.max() <= 6000
    assert len(np.unique(rates)) > 50
    surfaces = np.concatenate([batch.columns["surface"] for batch in newest])
    assert 0.65 < np.mean(surfaces == 0) < 0.85
    assert changed().vocabularies()["play_surface"] == ("home", "detail_page")


def test_the_order_and_everything_else_stay_as_they_would_be() -> None:
    for with_change, without in zip(ticks(changed()), ticks(tiny_scenario()), strict=True):
        for topic in set(without.orders) - {"truth"}:
            assert rows(with_change, topic) == rows(without, topic)


def rows(tick: Tick, topic: str) -> list[tuple[int, int, int]]:
    parts = [np.column_stack([b.at, b.source, b.number]) for b in tick.on(topic)]
    return [tuple(row) for row in np.concatenate(parts)[tick.orders[topic]].tolist()]


def test_shards_draw_the_same_values() -> None:
    def values(found: list[EventBatch]) -> set[tuple[int, ...]]:
        return {
            row
            for batch in found
            if batch.kind.version == 4
            for row in zip(
                batch.source.tolist(),
                batch.number.tolist(),
                batch.columns["bitrate_kbps"].tolist(),
                strict=True,
            )
        }

    whole = values(plays(changed()))
    parts = [values(plays(changed(), shard=(i, 3))) for i in range(3)]
    assert whole
    assert set().union(*parts) == whole


def test_the_truth_tells_each_change_once() -> None:
    told = [b for tick in ticks(changed()) for b in tick.batches if b.kind.name == "schema_change"]
    facts = {
        (name, version, added, removed)
        for b in told
        for name, version, added, removed in zip(
            *(b.columns[field] for field in ("change", "version", "added", "removed")), strict=True
        )
    }
    assert facts == {
        ("surface", 2, "surface", ""),
        ("no_origin", 3, "", "origin"),
        ("bitrate", 4, "bitrate_kbps", ""),
    }


def test_the_same_changes_make_the_same_kinds() -> None:
    assert evolved_kinds(changed().schema_changes) == evolved_kinds(changed().schema_changes)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (
            {"add_field": {"name": "origin", "type": "share", "values": [0, 1]}},
            "has, or had, a field 'origin'",
        ),
        ({"add_field": {"name": "kind", "type": "share", "values": [0, 1]}}, "has, or had, a field 'kind'"),
        ({"remove_field": "orgin"}, "origin"),
        ({"remove_field": "user_id"}, "tells whom"),
        ({}, "either add_field or remove_field"),
        ({"kind": "plai", "remove_field": "origin"}, "play"),
        ({"add_field": {"name": "x", "type": "share", "values": [0, 2]}}, "from 0 to 1"),
        ({"add_field": {"name": "x", "type": "label", "values": [0, 2]}}, "words with their shares"),
        ({"add_field": {"name": "x", "type": "count", "values": {"a": 1}}}, "least and the most"),
    ],
)
def test_what_cannot_be_is_refused_with_its_rule(change: dict[str, Any], rule: str) -> None:
    asked = {"name": "wrong", "at": "1h", "topic": "journeys", "kind": "play", **change}
    with pytest.raises((ValidationError, UnknownNameError), match=rule):
        tiny_scenario(schema_changes=[asked])
