from typing import Any

import numpy as np
import orjson

from sim.events import KINDS
from streams.watch.monitor import Monitor
from streams.watch.page.kind_counts import KindCounts, place_of
from streams.watch.page.panels import Panels, Playbill
from tests.streams.watch.drifting_run import WATCH, drifting_run
from tests.streams.watch.recorded_run import RecordedRun, chunks, progress_chunk

PANELS = {"run", "throughput", "audit", "lag", "funnel", "drift", "campaigns"}


class Followed:
    """A monitor with its panels, a look after each so many chunks, on a clock of its own."""

    def __init__(self, run: RecordedRun, *, every: int = 3) -> None:
        self.now = 100.0
        self.panels = Panels(
            Playbill("run", "a_scenario", "About it.", WATCH.features), clock=lambda: self.now
        )
        self.monitor = Monitor(WATCH, observers=(self.panels.take,))
        self.looks: list[dict[str, Any]] = [self.look()]
        parts = chunks(run.records, size=500)
        for number, chunk in enumerate(parts):
            self.monitor.take(chunk)
            if number == len(parts) // 2:
                self.monitor.take(progress_chunk(run.progress(closed=False)))
            self.panels.take_readings(self.monitor.advance())
            if number % every == 0:
                self.now += 1.0
                self.looks.append(self.look())
        self.monitor.take(progress_chunk(run.progress()))
        self.panels.take_readings(self.monitor.advance())
        self.now += 1.0
        self.looks.append(self.look(ended=True))

    def look(self, *, ended: bool = False) -> dict[str, Any]:
        audit = self.monitor.audit.verdict(settled=ended).as_json()
        drift = self.monitor.drift_page()
        return self.panels.look(self.monitor, audit, drift, {"monitor": {"journeys": 3}}, ended=ended)


def test_every_panel_tells_what_the_monitor_saw() -> None:
    run = drifting_run(1)
    last = Followed(run).looks[-1]
    assert last.keys() >= PANELS
    assert orjson.loads(orjson.dumps(last))["run"]["phase"] == "ended"
    assert last["run"]["records"] == len(run.records)
    assert (last["audit"]["audited"], last["audit"]["proven"]) == (len(run.records), True)
    assert last["lag"] == {"monitor": {"journeys": 3}}
    (shift,) = last["drift"]["shifts"]
    feature = last["drift"]["features"][shift["feature"]]
    fired = [at for at, detectors in zip(feature["at"], feature["detected"], strict=True) if detectors]
    assert fired[0] == shift["onset_ms"] + 1000 * shift["detected_after_s"]
    assert {len(row) for row in (feature["at"], feature["n"], *feature["measures"].values())} == {
        len(feature["at"])
    }


def test_rates_add_up_to_the_records() -> None:
    run = drifting_run(1)
    throughput = Followed(run).looks[-1]["throughput"]
    assert sum(map(sum, throughput["rates"].values())) == len(run.records), "a look a second"
    assert throughput["at"] == sorted(set(throughput["at"]))


def test_what_a_page_is_sent_stays_small_however_long_the_run() -> None:
    run = drifting_run(1)
    followed = Followed(run, every=1)
    for _ in range(2_000):
        followed.now += 1.0
        state = followed.look()
    assert len(orjson.dumps(state)) < 100_000
    assert len(state["throughput"]["at"]) <= 600


def test_before_anything_was_read_the_panels_are_empty_and_say_so() -> None:
    first = Followed(drifting_run(1)).looks[0]
    assert (first["run"]["phase"], first["run"]["simulated"], first["throughput"]["at"]) == (
        "waiting",
        None,
        [],
    )
    assert first["campaigns"]["campaigns"] == []
    assert all(stage["count"] == 0 and stage["ratio"] is None for stage in first["funnel"]["stages"])


def test_kinds_of_one_topic_are_counted_apart() -> None:
    for topic in {kind.topic for kind in KINDS}:
        names = [kind.name for kind in KINDS if kind.topic == topic]
        for rest in ('","occurred_at":17', '","occurred_at": 1'):
            heads = np.array([(name + rest).encode()[:32] for name in names], dtype="S32")
            assert len(set(place_of(heads).tolist())) == len(names), topic


def test_a_chunk_of_nothing_but_repeats_adds_nothing() -> None:
    counts = KindCounts()
    counts.take("journeys", np.zeros(0, dtype="S32"))
    assert counts.of("journeys") == {}
