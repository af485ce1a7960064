"""All shards change or none does, whatever order things come in and whoever dies meanwhile."""

import numpy as np
import pytest

from sim.steering.change import Change, TooLateError
from sim.steering.dial import TurnDial
from streams.control.messages import (
    Joined,
    Left,
    Message,
    Present,
    Proposed,
    Withdrawn,
    read_message,
    written,
)
from streams.control.minutes import Minutes
from streams.control.voter import Voter

SPAN = 10
SHARDS = 3
STEPS = 400


class Process:
    """One process of a shard: a voter, how far it has read, and which ticks its world has begun with what."""

    def __init__(self, shard: int, *, resumed: bool, begun: int) -> None:
        self.voter = Voter((shard, SHARDS))
        self.voter.delegate = self
        self.resumed, self.begun = resumed, begun
        self.read = 0
        self.outbox: list[Message] = []

    def judge(self, change: Change) -> None:
        if change.due(SPAN) <= self.begun * SPAN:
            raise TooLateError(change.at, (self.begun + 1) * SPAN)

    def present(self, call: str) -> Present:
        raise AssertionError(f"nobody calls the roll here: {call}")

    def hear(self, log: list[bytes], count: int) -> None:
        for value in log[self.read : self.read + count]:
            self.outbox += self.voter.take(self.read, read_message(value))
            self.read += 1

    def may_begin(self, tick: int) -> bool:
        return self.voter.joined and all(
            change.due(SPAN) > tick * SPAN for change in self.voter.held.values()
        )


class Fleet:
    """Three shards on one log: they hear, answer, go on, die and come back, each at a time of its own."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.log: list[bytes] = []
        self.processes: dict[int, Process] = {}
        self.zombies: list[Process] = []
        self.made: dict[int, dict[int, list[str]]] = {shard: {} for shard in range(SHARDS)}
        self.proposed = 0
        for shard in range(SHARDS):
            self.start(shard, resumed=False, begun=int(self.rng.integers(3)))

    def write(self, message: Message) -> None:
        self.log.append(written(message))

    def start(self, shard: int, *, resumed: bool, begun: int) -> None:
        self.processes[shard] = process = Process(shard, resumed=resumed, begun=begun)
        process.hear(self.log, len(self.log))
        voter, at = process.voter, (begun + 1) * SPAN
        self.write(Joined(shard=shard, of=SHARDS, by=voter.by, resumed=resumed, at=at, span=SPAN))

    def one(self) -> Process:
        return self.processes[int(self.rng.integers(SHARDS))]

    def hear(self) -> None:
        self.one().hear(self.log, int(self.rng.integers(1, 8)))

    def answer(self) -> None:
        process = self.one()
        for message in process.outbox:
            self.write(message)
        process.outbox = []

    def go_on(self) -> None:
        process = self.one()
        if process.may_begin(process.begun + 1):
            process.begun += 1
            due = [one.id for one in process.voter.decided if one.change.due(SPAN) == process.begun * SPAN]
            self.made[process.voter.shard][process.begun] = due

    def propose(self) -> None:
        self.proposed += 1
        ahead = int(self.rng.integers(-SPAN, 6 * SPAN))
        at = max(process.begun for process in self.processes.values()) * SPAN + ahead
        change = TurnDial(at=max(0, at), dial="talk", factor=2)
        self.write(Proposed(id=str(self.proposed), of=SHARDS, change=change))

    def withdraw(self) -> None:
        number = max(1, self.proposed - int(self.rng.integers(3)))
        self.write(Withdrawn(id=str(number), reason="nobody waits any more"))

    def die_and_resume(self) -> None:
        dead = self.one()
        shard, begun = dead.voter.shard, max(-1, dead.begun - int(self.rng.integers(3)))
        self.zombies.append(dead)
        # What was not committed is acted out once more.
        self.made[shard] = {tick: made for tick, made in self.made[shard].items() if tick <= begun}
        self.start(shard, resumed=True, begun=begun)

    def a_last_word_of_the_dead(self) -> None:
        for zombie in self.zombies[-2:]:
            zombie.hear(self.log, int(self.rng.integers(30)))
            for message in zombie.outbox[:1]:
                self.write(message)
            zombie.outbox = zombie.outbox[1:]

    def leave_and_come_back(self) -> None:
        process = self.one()
        if process.voter.joined:
            shard, begun = process.voter.shard, process.begun
            self.write(Left(shard=shard, of=SHARDS, by=process.voter.by, at=(begun + 1) * SPAN))
            self.start(shard, resumed=True, begun=begun)

    def play(self) -> None:
        often = {self.hear: 12, self.answer: 8, self.go_on: 6, self.propose: 1, self.withdraw: 0.1}
        often |= {self.die_and_resume: 0.3, self.a_last_word_of_the_dead: 1, self.leave_and_come_back: 0.1}
        steps, weights = list(often), np.array(list(often.values()))
        for step in self.rng.choice(len(steps), STEPS, p=weights / weights.sum()).tolist():
            steps[step]()


@pytest.mark.parametrize("begin", range(0, 300, 100))
def test_whoever_passed_a_tick_made_what_the_log_says(begin: int) -> None:
    decided = passed = 0
    for seed in range(begin, begin + 100):
        fleet = Fleet(seed)
        fleet.play()
        everything = Minutes()
        for offset, value in enumerate(fleet.log):
            everything.take(offset, read_message(value))
        for ticks in fleet.made.values():
            for tick, made in ticks.items():
                in_force = [one.id for one in everything.in_force if one.change.due(SPAN) == tick * SPAN]
                assert made == in_force, (seed, tick)
                passed += len(made)
        decided += len(everything.in_force)
    assert decided > 100
    assert passed > 200
