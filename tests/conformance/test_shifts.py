"""Every shift: takes effect when its record says, and not before."""

from typing import Any, ClassVar

import pytest
import simpy

from sim.dials import DIALS, Dials
from sim.durations import HOUR, MINUTE
from sim.shifts.shift import SHIFTS, Shift
from sim.testing import tiny_scenario
from tests.conformance.plugins import PluginSuite, kinds
from tests.sim.chronicle import Chronicle

AT = 50 * MINUTE


@kinds(SHIFTS)
class TestShifts(PluginSuite):
    family: Any = SHIFTS
    path = ("properties", "shifts", "items")
    needed: ClassVar[dict[str, Any]] = {"name": "it", "dial": "watch_scale", "at": AT, "factor": 0.25}

    def history(self, plugin: Shift, dial: str) -> list[tuple[int, float]]:
        """The levels of a dial, each with the time from which it holds."""
        env, dials, told = simpy.Environment(), Dials(), []
        plugin = plugin.model_copy(update={"dial": dial})
        env.process(plugin.run(env, dials, lambda shift, factor: None))

        def watch() -> Any:
            while True:
                if not told or told[-1][1] != dials[dial]:
                    told.append((int(env.now), dials[dial]))
                yield env.timeout(MINUTE)

        env.process(watch())
        env.run(until=10 * HOUR)
        return told

    @pytest.mark.parametrize("dial", sorted(DIALS))
    def test_it_turns_its_dial_from_its_time_on(self, plugin: Shift, dial: str) -> None:
        levels = self.history(plugin, dial)
        assert levels[0] == (0, 1.0)
        assert levels[1][0] == AT

    def test_it_leaves_other_dials_alone(self, plugin: Shift) -> None:
        env, dials = simpy.Environment(), Dials()
        env.process(plugin.run(env, dials, lambda shift, factor: None))
        env.run(until=10 * HOUR)
        assert {name for name in DIALS if dials[name] != 1.0} <= {plugin.dial}

    def test_the_truth_names_it_once_it_holds(self, kind: str, plugin: Shift) -> None:
        given = {"kind": kind, **self.given(kind)}
        told = Chronicle.of(tiny_scenario(shifts=[given], campaigns=[], media=[]), 2 * HOUR)
        records = told.kind("truth", "shift").to_dicts()
        assert records[0]["at"] == told.start + AT
        for record in records:
            assert (record["subject"], record["shift"], record["shift_kind"]) == ("shift:it", "it", kind)
            assert record["dial"] == plugin.dial
            assert record["factor"] > 0
            assert record["features"] == []

    def test_the_world_is_the_same_until_then(self, kind: str) -> None:
        given = {"kind": kind, **self.given(kind)}
        quiet = {"campaigns": [], "media": []}
        told = [Chronicle.of(tiny_scenario(shifts=shifts, **quiet), 2 * HOUR) for shifts in ([given], [])]
        journeys = [chronicle.stream("journeys") for chronicle in told]
        onset = told[0].start + AT
        before = [stream.filter(stream["at"] < onset) for stream in journeys]
        assert before[0].equals(before[1])
        assert not journeys[0].equals(journeys[1])

    def test_an_unknown_dial_is_told(self, kind: str) -> None:
        with pytest.raises(ValueError, match=r"unknown dial 'watch_scal'.*Did you mean 'watch_scale'"):
            SHIFTS.parse({"kind": kind, **self.given(kind), "dial": "watch_scal"})
