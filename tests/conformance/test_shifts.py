"""Every shift: takes effect when its record says, and not before."""

from functools import cache
from itertools import takewhile
from typing import Any, ClassVar

import numpy as np
import polars as pl
import pytest
import simpy

from sim.batch import EventBatch
from sim.dials import DIALS, Dials
from sim.durations import HOUR, MINUTE
from sim.scenario import Scenario
from sim.shifts.disturbing import Disturbing
from sim.shifts.shift import SHIFTS, Shift, Step
from sim.shifts.turning import Turning
from sim.testing import tiny_scenario
from sim.world import World
from tests.conformance.plugins import PluginSuite, kinds

AT = 50 * MINUTE
QUIET: dict[str, Any] = {"campaigns": [], "media": []}


@kinds(SHIFTS)
class TestShifts(PluginSuite):
    family: Any = SHIFTS
    path = ("properties", "shifts", "items")
    needed: ClassVar[dict[str, Any]] = {
        "name": "it",
        "dial": "watch_scale",
        "at": AT,
        "factor": 0.25,
        "over": 20 * MINUTE,
        "lasts": 30 * MINUTE,
        "every": HOUR,
        "outcome": "reactions",
        "turn": 1,
        "attribute": "device",
        "weights": {"phone": 8},
        "records": ["complete", "abandon", "skip"],
        "beside": "duration_ms",
        "rho": -0.8,
        "rate": 0.5,
        "share": 0.5,
        "word": "never_seen",
    }

    def given(self, kind: str) -> dict[str, Any]:
        """A field that suits the sort of shift."""
        given = super().given(kind)
        if kind == "new_category":
            return given | {"records": ["session_start"], "field": "device"}
        return given | ({"field": "watched_ms"} if "records" in given else {})

    @pytest.fixture
    def scenario(self, kind: str) -> Scenario:
        return tiny_scenario(shifts=[{"kind": kind, **self.given(kind)}], **QUIET)

    def told(self, plugin: Shift) -> tuple[Dials, list[tuple[float, Step]]]:
        env, dials, told = simpy.Environment(), Dials(), list[tuple[float, Step]]()
        env.process(plugin.run(env, dials, lambda shift, step: told.append((env.now, step))))
        env.run(until=10 * HOUR)
        return dials, told

    def test_it_begins_at_its_time_and_says_how_far_it_is(self, plugin: Shift) -> None:
        _, told = self.told(plugin)
        assert told[0][0] == told[0][1].onset == AT
        assert all(-1 <= step.level <= 1 for _, step in told)
        assert [at for at, _ in told] == sorted(at for at, _ in told)
        for at, step in told:
            assert step.end is None or AT <= step.onset <= at <= step.end

    def test_it_is_over_when_it_says(self, plugin: Shift) -> None:
        dials, told = self.told(plugin)
        lasts = getattr(plugin, "lasts", None)
        if lasts is not None:
            ended = [(at, step) for at, step in told if step.level == 0]
            assert ended[0][0] == ended[0][1].end == AT + lasts
        if lasts is not None and plugin.kind != "recurring":
            assert not dials.attendance
            assert {dials[name] for name in DIALS} == {1.0}

    @pytest.mark.parametrize("dial", sorted(DIALS))
    def test_it_turns_its_dial_and_no_other(self, plugin: Shift, dial: str) -> None:
        if not isinstance(plugin, Turning):
            pytest.skip("turns no dial of choice")
        env, dials, levels = simpy.Environment(), Dials(), list[float]()
        env.process(plugin.model_copy(update={"dial": dial}).run(env, dials, lambda shift, step: None))
        for minute in range(0, 3 * 60):
            env.run(until=minute * MINUTE + 1)
            assert {name for name in DIALS if dials[name] != 1} <= {dial}
            levels.append(dials[dial])
        assert set(levels[:50]) == {1.0}
        assert levels[50] != 1.0

    def test_the_truth_names_it_once_it_holds(self, plugin: Shift, scenario: Scenario) -> None:
        records = [row for tick in ticks(scenario, 2 * HOUR) for row in shifts_of(tick.batches)]
        start = scenario.start_ms
        assert records[0]["at"] == records[0]["onset_ms"] == start + AT
        for record in records:
            assert (record["subject"], record["shift"]) == ("shift:it", "it")
            assert (record["shift_kind"], record["dial"]) == (plugin.kind, plugin.target)
            assert record["size"] == plugin.size
            assert -1 <= record["level"] <= 1
            assert record["features"] == []

    def test_the_world_is_the_same_until_then_and_another_afterwards(self, scenario: Scenario) -> None:
        seen = [content(scenario, 2 * HOUR), unshifted()]
        onset = scenario.start_ms + AT
        before = [frame.filter(pl.col("at") < onset) for frame in seen]
        assert before[0].equals(before[1])
        assert not seen[0].equals(seen[1])

    def test_shards_see_the_same(self, scenario: Scenario) -> None:
        order = ["kind", "source", "number"]
        whole = content(scenario, 2 * HOUR).sort(order)
        shards = pl.concat([content(scenario, 2 * HOUR, shard=(i, 2)) for i in range(2)]).sort(order)
        assert whole.equals(shards)

    def test_records_on_their_way_keep_ids_and_times(self, plugin: Shift, scenario: Scenario) -> None:
        if not isinstance(plugin, Disturbing):
            pytest.skip("changes what happens, not what is told of it")
        seen = [content(scenario, 2 * HOUR), unshifted()]
        kept = ["kind", "at", "source", "number"]
        assert seen[0].select(kept).equals(seen[1].select(kept))

    def test_an_unknown_dial_is_told(self, kind: str) -> None:
        if "dial" in SHIFTS.named(kind).model_fields:
            with pytest.raises(ValueError, match=r"unknown dial 'watch_scal'.*Did you mean 'watch_scale'"):
                SHIFTS.parse({"kind": kind, **self.given(kind), "dial": "watch_scal"})

    def test_an_unknown_field_is_told(self, kind: str) -> None:
        if "records" in SHIFTS.named(kind).model_fields:
            with pytest.raises(ValueError, match=r"unknown field of .*'watchd_ms'"):
                SHIFTS.parse({"kind": kind, **self.given(kind), "field": "watchd_ms"})


def ticks(scenario: Scenario, span: int, shard: tuple[int, int] = (0, 1)) -> list[Any]:
    end = scenario.start_ms + span
    return list(takewhile(lambda tick: tick.at < end, World(scenario, shard=shard).ticks()))


def shifts_of(batches: tuple[EventBatch, ...]) -> list[dict[str, Any]]:
    return [
        {"at": int(at)} | {name: column[row] for name, column in batch.columns.items()}
        for batch in batches
        if batch.kind.name == "shift"
        for row, at in enumerate(batch.at)
    ]


@cache
def unshifted() -> pl.DataFrame:
    return content(tiny_scenario(**QUIET, shifts=[]), 2 * HOUR)


def content(scenario: Scenario, span: int, shard: tuple[int, int] = (0, 1)) -> pl.DataFrame:
    """Journeys of a world, each record as its kind, place and what stands in it."""
    rows: list[pl.DataFrame] = []
    for tick in ticks(scenario, span, shard):
        for batch in tick.on("journeys"):
            columns = [np.ma.filled(np.ma.asarray(c).astype(np.float64), -1) for c in batch.columns.values()]
            told = np.stack(columns, axis=1)
            place = {"at": batch.at, "source": batch.source, "number": batch.number}
            rows.append(
                pl.DataFrame({**place, "told": told.tolist()}).with_columns(kind=pl.lit(batch.kind.name))
            )
    return pl.concat(rows)
