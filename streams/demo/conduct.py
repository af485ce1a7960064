"""Conducting a demonstration: broker, enricher, monitor and simulator, from the first event to the verdict."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from sim.scenario import Scenario
from streams.cluster.administration import Administration, ensure_topics, wait_for_broker
from streams.cluster.embedded import EmbeddedBroker
from streams.cluster.guard import BrokerGuard
from streams.cluster.processes import Scratch
from streams.demo.harvest import Harvest
from streams.demo.plan import Plan
from streams.demo.roles import Role
from streams.exits import GreenroomError
from streams.history import history_of
from streams.settings import ClusterSettings

__all__ = ["Demonstration", "Flags"]

_LOOK_EVERY_S = 0.5
_PATIENCE_S = 30.0
_PARTITIONS = 4


@dataclass(frozen=True)
class Flags:
    """What the command line says."""

    scenario: str
    run: str
    broker: str | None
    seed: int | None
    store: Path
    page_port: int = 0
    keep_open: bool = False


@dataclass
class Demonstration:
    """All roles at once; ``show`` is called twice a second with what is known by then, ``before_end`` with the
    result, while the page is still served."""

    flags: Flags
    scenario: Scenario
    plan: Plan
    stop: Event
    began: float
    show: Callable[["Demonstration"], None] = lambda demonstration: None
    before_end: Callable[[dict[str, Any]], None] = lambda result: None
    phase: str = "starting"
    broker: str = ""
    page: str = ""
    at: dict[str, float] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    def play(self) -> dict[str, Any]:
        """Run everything to its end; the result as a JSON object."""
        with self._stack:
            self._set_up()
            self._until(lambda: self.simulator.code is not None, "streaming")
            self._end(self.simulator)
            self._until(self._enriched, "finishing media", patience_s=_PATIENCE_S)
            self._end(self.enricher)
            self._until(self._audited, "auditing", patience_s=_PATIENCE_S, to_the_end=True)
            self.harvest.gather(0.5)
            self.harvest.close()
            result = self._result()
            self.before_end(result)
            self._end(self.monitor)
            return result

    def _set_up(self) -> None:
        settings = self._cluster()
        ensure_topics(settings, self.flags.run, partitions=_PARTITIONS, history=history_of(self.scenario))
        scratch = self._stack.enter_context(Scratch())
        here = ["--broker", settings.bootstrap, "--run", self.flags.run]
        size = ["--viewers", str(self.plan.viewers)]
        seed = [] if self.flags.seed is None else ["--seed", str(self.flags.seed)]
        play = [
            "--speed",
            f"{self.plan.speed:g}x",
            "--for",
            f"{self.plan.span_ms}ms",
            "--partitions",
            str(_PARTITIONS),
        ]
        store = str(self.flags.store.resolve())
        # Nobody resumes a demonstration: it leaves no checkpoints behind.
        alone = ["--checkpoint-every", "0s", "--json"]
        self.simulator = self._role("run", [self.flags.scenario, *here, *size, *seed, *play, *alone], scratch)
        self.enricher = self._role(
            "enrich", [*here, "--store", store, "--topics", self._media_topics()], scratch
        )
        self.monitor = self._role(
            "monitor", [self.flags.scenario, *here, "--until-closed", "--json", *self._page(store)], scratch
        )
        self.harvest = Harvest(settings, self.flags.run)
        self.administration = self._stack.enter_context(Administration(settings))

    def _cluster(self) -> ClusterSettings:
        if self.flags.broker is not None:
            settings = ClusterSettings.from_environment(self.flags.broker)
            wait_for_broker(settings, 30.0)
            self.broker, self._guard = settings.bootstrap, None
            return settings
        embedded = self._stack.enter_context(EmbeddedBroker())
        self._guard = self._stack.enter_context(BrokerGuard(embedded))
        self.broker = f"embedded at {embedded.bootstrap}"
        return embedded.settings

    def _role(self, verb: str, arguments: list[str], scratch: Scratch) -> Role:
        file = Path(self.flags.scenario)
        given = [
            str(file.resolve()) if argument == self.flags.scenario and file.exists() else argument
            for argument in arguments
        ]
        return Role(verb, [verb, *given], scratch).start()

    def _page(self, store: str) -> list[str]:
        keep_open = ["--keep-open"] if self.flags.keep_open else []
        return ["--store", store, "--endpoint-port", str(self.flags.page_port), *keep_open]

    def _media_topics(self) -> str:
        return ",".join(sorted({rule.topic for rule in self.scenario.media} or {"catalog"}))

    def _until(
        self,
        done: Callable[[], bool],
        phase: str,
        *,
        patience_s: float = float("inf"),
        to_the_end: bool = False,
    ) -> None:
        """Wait for something; who interrupts does not wait, but what was published is audited to the end."""
        self.phase, since = phase, time.monotonic()
        while not done() and time.monotonic() - since < patience_s:
            if self.stop.is_set() and not to_the_end:
                return
            self.harvest.gather(_LOOK_EVERY_S)
            if self._guard is not None:
                self._guard.pause_seconds()
            for role in (self.enricher, self.monitor):
                if role.code not in (None, 0):
                    raise GreenroomError(f"`greenroom {role.name}` ended with {role.code}: {role.said()}")
            self.page = self.page or self.monitor.endpoint or ""
            self.show(self)

    def _audited(self) -> bool:
        """The monitor has ended; one that stays to serve its page has told its result."""
        return self.monitor.code is not None or (self.flags.keep_open and bool(self.monitor.result()))

    def _enriched(self) -> bool:
        lags = self.administration.lag([f"{self.flags.run}-enrich"])
        return bool(lags) and sum(lag.records for lag in lags) == 0

    def _end(self, role: Role) -> None:
        if role.code is None:
            role.process.terminate()
            role.process.wait(timeout=_PATIENCE_S)
        if role.code:
            raise GreenroomError(f"`greenroom {role.name}` ended with {role.code}: {role.said()}")

    def _drift(self, shifts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The shifts with whether the scenario planned them: whoever steers may plant one too late to be found."""
        planned = {shift.name for shift in self.scenario.shifts}
        return [{**shift, "planned": shift["shift"] in planned} for shift in shifts]

    def _result(self) -> dict[str, Any]:
        run, watched = self.simulator.result(), self.monitor.result()
        audit = watched.get("audit", {}).get("total", watched.get("audit", {}))
        first = self.harvest.first_asset_at
        return {
            "scenario": self.scenario.name,
            "seed": self.scenario.seed,
            "interrupted": self.stop.is_set(),
            "published": run.get("published", 0),
            "acknowledged": run.get("acknowledged", 0),
            **{name: audit.get(name, 0) for name in ("audited", "lost", "duplicated", "reordered", "late")},
            "proven": audit.get("proven", False),
            "planted": audit.get("planted", {}),
            "beyond": audit.get("beyond", {}),
            "enriched": self.harvest.enriched,
            "media_rules": len(self.scenario.media),
            "assets": dict(sorted(self.harvest.assets.items())),
            "dead_letters": len(self.harvest.dead_letters),
            "drift": self._drift(watched.get("drift", [])),
            "false_alarms": watched.get("false_alarms", 0),
            "first_asset_s": None if first is None else round(first - self.began, 2),
            "elapsed_s": round(time.monotonic() - self.began, 2),
            "events_per_s": run.get("events_per_s", 0),
            "lateness": run.get("lateness", {}),
            "broker": self.broker,
            "store": str(self.flags.store.resolve()),
            "page": self.page,
            "examples": dict(sorted(self.harvest.examples.items())),
        }
