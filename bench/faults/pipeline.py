"""A pipeline to break: shards, enricher and brokers, each a process that can be killed and started again."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from sim.scenario_file import load
from streams.cluster.administration import Administration, ensure_topics
from streams.cluster.apache import ApacheKafka
from streams.cluster.processes import Scratch
from streams.demo.roles import Role
from streams.exits import GreenroomError
from streams.history import history_of

__all__ = ["Pipeline"]

_PARTITIONS = 4
_PATIENCE_S = 180.0


class Pipeline:
    """``shards`` simulators and an enricher on a cluster; :meth:`kill` and :meth:`start` by name.

    Names are ``shard-0``, …, ``enricher`` and ``broker-1``, …; a simulator starts with ``--resume``, always: the first
    time there is nothing to go on from.
    """

    def __init__(
        self, kafka: ApacheKafka, scratch: Scratch, *, run: str, shards: int, scenario: list[str], store: Path
    ) -> None:
        """``scenario`` is what ``greenroom run`` gets to hear: a name and flags."""
        self.kafka, self.run, self.store = kafka, run, store
        self._scratch, self._shards, self._scenario = scratch, shards, scenario
        self._roles: dict[str, Role] = {}
        ensure_topics(kafka.settings, run, partitions=_PARTITIONS, history=history_of(load(scenario[0])))

    @property
    def victims(self) -> dict[str, list[str]]:
        """Who can be killed, by sort."""
        return {
            "simulator": [f"shard-{number}" for number in range(self._shards)],
            "enricher": ["enricher"],
            "broker": [f"broker-{node.id}" for node in self.kafka.nodes],
        }

    def start_all(self) -> None:
        """Start every role."""
        for name in (*self.victims["simulator"], "enricher"):
            self.start(name)

    def start(self, name: str) -> None:
        """Start a role or a broker that is not running."""
        if name.startswith("broker"):
            self.kafka.restart(int(name.partition("-")[2]))
            return
        # What an earlier life has announced would pass for this one's.
        (self._scratch.folder / f"{name}.json").unlink(missing_ok=True)
        self._roles[name] = Role(name, self._command(name), self._scratch).start()

    def kill(self, name: str) -> None:
        """kill -9, and of all that it has started."""
        if name.startswith("broker"):
            self.kafka.kill(int(name.partition("-")[2]))
            return
        process = self._roles[name].process
        if process.poll() is not None:
            raise GreenroomError(
                f"{name} had ended with {process.returncode} before it could be killed: {self.said(name)}"
            )
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                os.kill(member.pid, signal.SIGKILL)
        process.wait(10)

    def said(self, name: str) -> str:
        """The end of what a role printed."""
        return self._roles[name].said()

    def await_all(self) -> None:
        """Wait until every role is at work (again)."""
        for name, role in self._roles.items():
            self._until(_at_work(role), f"{name} is not at work")

    def close_shards(self) -> dict[str, dict[str, Any]]:
        """End the simulators in good order; what each says of its last life."""
        for name in self.victims["simulator"]:
            self._roles[name].process.terminate()
        return {name: self._ended(name) for name in self.victims["simulator"]}

    def drain(self) -> None:
        """Wait until the enricher has nothing left to read, and end it in good order."""
        with Administration(self.kafka.settings) as administration:
            self._until(lambda: self._lag(administration) == 0, "the enricher has not caught up")
        self._roles["enricher"].process.terminate()
        self._ended("enricher")

    def _lag(self, administration: Administration) -> int:
        lags = administration.lag([f"{self.run}-enrich"])
        return sum(lag.records for lag in lags) if lags else 1

    def _ended(self, name: str) -> dict[str, Any]:
        role = self._roles[name]
        self._until(lambda: role.code is not None, f"{name} does not end")
        if role.code:
            raise GreenroomError(f"{name} ended with {role.code}: {role.said()}")
        return role.result()

    def _until(self, done: Callable[[], bool], otherwise: str) -> None:
        end = time.monotonic() + _PATIENCE_S
        while not done():
            if time.monotonic() > end:
                told = "; ".join(f"{name}: {self.said(name)}" for name in self._roles)
                raise GreenroomError(f"{otherwise} within {_PATIENCE_S:.0f} s; {told}")
            time.sleep(0.25)

    def _command(self, name: str) -> list[str]:
        here = ["--broker", self.kafka.bootstrap, "--run", self.run, "--broker-timeout", "120"]
        if name == "enricher":
            return ["enrich", *here, "--store", str(self.store), "--topics", "content", "--workers", "1"]
        shard = f"{name.partition('-')[2]}/{self._shards}"
        kept = [
            "--partitions",
            str(_PARTITIONS),
            "--checkpoint-every",
            "10s",
            "--checkpoints",
            str(self.store / "checkpoints"),
        ]
        return ["run", *self._scenario, *here, "--shard", shard, "--resume", *kept, "--json"]

    def audit(self) -> dict[str, Any]:
        """The audit's verdict on the run, as JSON, whether it is proven or not."""
        here = ["--broker", self.kafka.bootstrap, "--run", self.run, "--json"]
        command = [sys.executable, "-m", "streams", "audit", *here]
        said = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
        if not said.stdout.strip():
            raise GreenroomError(
                f"the audit said nothing, and ended with {said.returncode}: {said.stderr[-2000:]}"
            )
        verdict: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
        return verdict


def _at_work(role: Role) -> Callable[[], bool]:
    def look() -> bool:
        if role.code is not None:
            raise GreenroomError(f"{role.name} ended with {role.code}: {role.said()}")
        return bool(role.metrics())

    return look
