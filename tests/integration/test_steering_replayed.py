"""A recording acted out again by a fleet that is steered itself: the pauses in it stop nobody, those decided now do."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from sim.durations import HOUR, MINUTE
from sim.pace import Pace
from sim.steering.change import Change
from sim.steering.pause import Pause
from sim.steering.resume import Resume
from sim.testing import tiny_scenario
from sim.world import World
from streams.cluster.administration import ensure_topics
from streams.control.controls import Controls
from streams.control.propose import propose
from streams.exits import UsageError
from streams.publish.schedule import Schedule
from streams.settings import ClusterSettings

SCENARIO = tiny_scenario(media=[])
PACE = Pace.of(SCENARIO)
START = SCENARIO.start_ms
PATIENCE_S = 30.0


class Replay:
    """A shard that acts changes out again, and plays until a simulated time."""

    def __init__(self, controls: Controls) -> None:
        self.stop, self.controls = Event(), controls
        self.world = World(SCENARIO, pace=PACE, changes=controls.known())
        controls.attach(self.world, Schedule(None, 0), self.stop)
        self._ticks = controls.steered()
        self.told: list[tuple[int, str]] = []

    def play(self, until: int) -> None:
        while self.world.stage.tick * PACE.span < until:
            tick = next(self._ticks)
            self.told += [
                (tick.at, value)
                for batch in tick.on("truth")
                if batch.kind.name == "steering"
                for value in batch.columns["value"]
            ]


@contextmanager
def replaying(settings: ClusterSettings, run: str, changes: Sequence[Change]) -> Iterator[Replay]:
    ensure_topics(settings, run, partitions=1)
    replay = Replay(Controls(settings, run, (0, 1), replayed=changes))
    try:
        yield replay
    finally:
        replay.stop.set()
        replay.controls.close()


@pytest.mark.parametrize("ended", [True, False], ids=["resumed", "the-recording-ends-paused"])
def test_a_pause_of_the_recording_stops_nobody(
    embedded_broker: ClusterSettings, run_name: str, ended: bool
) -> None:
    recorded: list[Change] = [Pause(at=START + HOUR)] + ([Resume(at=START + HOUR)] if ended else [])
    with replaying(embedded_broker, run_name, recorded) as replay:
        player = Thread(target=replay.play, args=(START + 90 * MINUTE,), daemon=True)
        player.start()
        player.join(PATIENCE_S)
        assert not player.is_alive()
        assert replay.told == [
            (START + HOUR, told) for told in (["paused", "resumed"] if ended else ["paused"])
        ]
        with pytest.raises(UsageError, match="is not paused"):
            propose(embedded_broker, run_name, {"kind": "resume"})


def test_a_pause_that_is_decided_now_can_be_ended_though_the_recording_has_one_without_an_end(
    embedded_broker: ClusterSettings, run_name: str
) -> None:
    with replaying(embedded_broker, run_name, [Pause(at=START + 30 * MINUTE)]) as replay:
        assert propose(embedded_broker, run_name, {"kind": "pause", "at": START + HOUR}).in_force
        player = Thread(target=replay.play, args=(START + 90 * MINUTE,), daemon=True)
        player.start()
        resumed = propose(embedded_broker, run_name, {"kind": "resume"})
        assert resumed.in_force, resumed.reason
        assert resumed.at == START + HOUR
        player.join(PATIENCE_S)
        assert not player.is_alive()
