"""Every change of a running world: made when it is due, told, and the same whenever it was asked for."""

from functools import cache
from typing import Any, ClassVar

import pytest
from pydantic import TypeAdapter

from sim.durations import MINUTE
from sim.pace import Pace
from sim.scenario import Scenario
from sim.steering.change import CHANGES, AnyChange, Change, TooLateError, written_moment
from sim.testing import tiny_scenario
from sim.world import World
from tests.conformance.plugins import PluginSuite, kinds
from tests.sim.chronicle import Chronicle, ticks_of

SPAN = 60 * MINUTE
START = tiny_scenario().start_ms
DUE = START + 30 * MINUTE


@cache
def scenario() -> Scenario:
    return tiny_scenario(media=[])


@cache
def pace() -> Pace:
    return Pace.of(scenario())


def steered(change: Change, *, after: int, **given: Any) -> Chronicle:
    """The world when a change is asked for after so many ticks."""
    world = World(scenario(), pace=pace(), **given)
    stream = world.ticks()
    ticks = [next(stream) for _ in range(after)]
    world.steer(change)
    ticks += [next(stream) for _ in range(SPAN // world.pace.span - after)]
    return Chronicle(world, ticks)


def events(chronicle: Chronicle) -> list[tuple[Any, ...]]:
    """Everything that happened, in order."""
    return [
        (tick.index, batch.kind.topic, batch.kind.name, *map(repr, row))
        for tick in chronicle.ticks
        for batch in tick.batches
        for row in zip(
            batch.at.tolist(),
            batch.source.tolist(),
            batch.number.tolist(),
            *(batch.columns[name].tolist() for name in sorted(batch.columns)),
            strict=True,
        )
    ]


@kinds(CHANGES)
class TestChanges(PluginSuite):
    family: Any = CHANGES
    needed: ClassVar[dict[str, Any]] = {
        "at": DUE - MINUTE,
        "dial": "arrivals",
        "factor": 3.0,
        "events_per_second": 0.5,
        "speed": 60.0,
        "shift": {"kind": "sudden", "name": "it", "dial": "watch_scale", "at": 0, "factor": 0.25},
        "campaign": {"kind": "copy_paste", "name": "it", "accounts": 5, "every": "10m"},
    }

    def given(self, kind: str) -> dict[str, Any]:
        return super().given(kind) | ({"campaign": "vouchers"} if kind == "stop_campaign" else {})

    def one_of(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = TypeAdapter(AnyChange).json_schema()["oneOf"]
        return found

    def test_it_takes_effect_with_the_next_tick_whenever_it_was_asked_for(self, plugin: Change) -> None:
        early, late = steered(plugin, after=0), steered(plugin, after=(DUE - START) // pace().span)
        again = Chronicle.of(scenario(), SPAN, pace=lambda _: pace(), changes=[plugin])
        assert events(early) == events(late) == events(again)

    def test_nothing_is_changed_before(self, plugin: Change) -> None:
        changed, plain = (
            [event for event in events(told) if event[0] * pace().span < DUE]
            for told in (
                steered(plugin, after=2),
                Chronicle.of(scenario(), SPAN, pace=lambda _: pace()),
            )
        )
        assert changed == plain

    def test_the_truth_tells_it(self, kind: str, plugin: Change) -> None:
        told = steered(plugin, after=1)
        (record,) = [
            (tick.at, batch.kind.name, {name: column[0] for name, column in batch.columns.items()})
            for tick in told.ticks
            for batch in tick.on("truth")
            if batch.kind.name == "steering" or (batch.kind.name == "shift" and tick.at < DUE + MINUTE)
        ]
        assert record[:2] == (DUE, "shift" if kind == "shift" else "steering")
        if kind != "shift":
            assert record[2]["change"] == kind
            assert record[2]["subject"] == f"steering:{record[2]['name']}"
            assert CHANGES.parse(plugin.model_dump(mode="json")).told == (
                record[2]["name"],
                record[2]["value"],
            )

    def test_shards_together_are_the_whole(self, plugin: Change) -> None:
        whole = events(steered(plugin, after=3))
        parts = [events(steered(plugin, after=after, shard=(after, 2))) for after in (0, 1)]
        assert sorted(whole) == sorted([*parts[0], *parts[1]])
        assert all(len(part) > 100 for part in parts)

    def test_what_comes_too_late_is_told_the_earliest_time(self, plugin: Change) -> None:
        world = World(scenario(), pace=pace())
        ticks_of(world, DUE - START)
        with pytest.raises(TooLateError) as raised:
            world.steer(plugin)
        assert raised.value.earliest == DUE + pace().span
        assert written_moment(raised.value.earliest) in str(raised.value)
