"""Fan-out: a run's records to several sinks at once."""

import time
from collections.abc import Iterable, Mapping, Sequence
from threading import Event
from typing import Any

from sim.batch import Tick
from streams.publish.records import Records
from streams.publish.sinks.branch import Branch
from streams.publish.sinks.sink import RecordSink

__all__ = ["Branches", "FanOut", "TickFanOut"]


class Branches:
    """Several sinks, each behind a queue of its own."""

    def __init__(self, branches: Sequence[Branch]) -> None:
        self.branches = tuple(branches)

    def finish(self) -> None:
        """Let all finish, side by side, and wait for them; the first that failed is raised."""
        for branch in self.branches:
            branch.finish()
        for branch in self.branches:
            branch.join()

    def close(self) -> None:
        """End all threads, after a failure too."""
        for branch in self.branches:
            branch.close()

    def figures(self) -> dict[str, Mapping[str, float]]:
        """Numbers by sink, as :meth:`.Branch.figures` has them."""
        return {branch.name: branch.figures() for branch in self.branches}


class TickFanOut(Branches):
    """Hands ticks in columns to several branches, none of which wants records."""

    def take(self, tick: Tick) -> None:
        """Hand over the events of one tick."""
        for branch in self.branches:
            branch.take(tick, time.sleep)


class FanOut(Branches):
    """Hands each chunk to the primary sink, if there is one, and to every branch that wants it.

    The primary (Kafka) works on the run's own thread, and is served while a branch makes the run wait.
    """

    def __init__(self, primary: RecordSink | None, branches: Sequence[Branch], *, stop: Event) -> None:
        """``stop`` is set when the reader of one branch has enough, so that the run ends in order."""
        super().__init__(branches)
        self.primary, self._stop = primary, stop
        self._completed = -1

    def send(self, records: Records) -> None:
        """Hand a chunk to all that take records."""
        if self.primary:
            self.primary.send(records)
        for branch in self._of_records:
            branch.send(records, self._serve)
            if branch.sated:
                self._stop.set()

    def tick_sent(self, tick: Tick) -> None:
        """Say to all that a tick was sent, and hand it to those that take columns."""
        for branch in self.branches:
            branch.tick_sent(tick, self._serve)

    def again(self, records: Iterable[Records]) -> None:
        """Hand records to the branches that the primary has from an earlier process of the shard."""
        for chunk in records:
            for branch in self._of_records:
                branch.send(chunk, self._serve)

    def idle(self, seconds: float) -> None:
        """Wait for the time of the next chunk."""
        self._serve(seconds)
        for branch in self.branches:
            branch.check()

    def complete(self, tick: int) -> None:
        """Wait until all branches have written what was sent before this tick: a checkpoint stands there."""
        self._completed = tick
        for branch in self.branches:
            branch.complete(self._serve)
        for branch in self.branches:
            branch.await_complete(self._serve)

    def progress(self, record: dict[str, Any]) -> None:
        """Tell all what the shard has published so far; a checkpoint that it names is not ahead of any branch."""
        checkpoint = record.get("checkpoint")
        if checkpoint and checkpoint["tick"] > self._completed:
            self.complete(checkpoint["tick"])
        if self.primary:
            self.primary.progress(record)
        for branch in self._of_records:
            branch.progress(record, self._serve)

    def finish(self) -> None:
        """Let all finish, side by side, and wait for them; the first that failed is raised."""
        if self.primary:
            self.primary.finish()
        super().finish()

    @property
    def _of_records(self) -> list[Branch]:
        return [branch for branch in self.branches if not branch.takes_ticks]

    def _serve(self, seconds: float) -> None:
        if self.primary:
            self.primary.idle(seconds)
        else:
            time.sleep(seconds)
