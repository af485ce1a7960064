"""Every sort of mess: what it plants it tells, and nothing that it does not tell is changed."""

from typing import Any

import numpy as np
import pytest

from sim.durations import MINUTE
from sim.events import KINDS
from sim.mess.flood import Flood
from sim.mess.mess import MESSES, SOURCE_TOPICS, Mess
from tests.conformance.plugins import PluginSuite, kinds
from tests.sim.weather import START, weather


@kinds(MESSES)
class TestMesses(PluginSuite):
    family: Any = MESSES
    path = ("properties", "mess", "items")

    def test_it_leaves_the_truth_alone(self, plugin: Mess) -> None:
        assert {kind.topic for kind in KINDS if plugin.concerns(kind)} <= set(SOURCE_TOPICS)

    def test_the_truth_names_what_it_hits(self, kind: str) -> None:
        told = weather({"kind": kind, **_often(kind)})
        assert told.labels
        assert {label.mess for label in told.labels} == {kind}
        assert {label.subject for label in told.labels} <= set(told.numbered)
        assert len({label.subject for label in told.labels}) == len(told.labels)

    def test_what_it_does_not_name_is_as_it_would_be(self, kind: str) -> None:
        calm, told = weather(), weather({"kind": kind, **_often(kind)})
        hit = {label.subject for label in told.labels}
        if issubclass(MESSES.named(kind), Flood):
            # Whoever comes after an added event has another number.
            assert len(told.rows) - len(calm.rows) == len(hit)
            return
        assert {row for row in calm.rows if row.name not in hit} == {
            row for row in told.rows if row.name not in hit
        }

    def test_it_keeps_to_its_schedule(self, kind: str) -> None:
        spans = {"at": 10 * MINUTE, "lasts": 2 * MINUTE, "every": 20 * MINUTE}
        told = weather({"kind": kind, **_often(kind), **spans})
        assert told.labels
        since = np.array([label.at for label in told.labels]) - START - spans["at"]
        assert since.min() >= 0
        assert (since % spans["every"]).max() < spans["lasts"]
        assert set((since // spans["every"]).tolist()) == {0, 1, 2}

    @pytest.mark.parametrize("shards", [3])
    def test_shards_together_are_the_whole(self, kind: str, shards: int) -> None:
        given = {"kind": kind, **_often(kind)}
        whole, parts = weather(given), [weather(given, shard=(i, shards)) for i in range(shards)]
        assert sorted(row for part in parts for row in part.rows) == sorted(whole.rows)
        assert sorted(x for part in parts for x in part.labels) == sorted(whole.labels)

    def test_the_length_of_a_tick_does_not_matter(self, kind: str) -> None:
        given = {"kind": kind, **_often(kind)}
        minutes, hours = (weather(given, span=span) for span in (MINUTE, 30 * MINUTE))
        assert sorted(minutes.rows) == sorted(hours.rows)
        assert sorted(minutes.labels) == sorted(hours.labels)


def _often(kind: str) -> dict[str, Any]:
    return {"rate": 0.2} if "rate" in MESSES.named(kind).model_fields else {}
