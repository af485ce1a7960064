"""The world: steps SimPy and yields ticks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.adversaries.author import Author
from sim.adversaries.campaign import Cast
from sim.adversaries.moderator import Moderator
from sim.adversaries.playbill import Playbill
from sim.adversaries.rulebook import PolicyChange, Rulebook
from sim.attendance import Attendance
from sim.audience.cohort import Cohort
from sim.audience.live import LiveCohort
from sim.audience.plays import Plays
from sim.audience.populating import populated
from sim.audience.sessions import Sessions
from sim.audience.settings import AudienceSettings
from sim.audience.talk import Talkers
from sim.batch import Tick, objects
from sim.catalog.catalog import Catalog
from sim.catalog.records import CatalogRecords
from sim.catalog.releases import Releases
from sim.checkpoint.checkpoint import Checkpoint
from sim.checkpoint.errors import CheckpointError
from sim.checkpoint.identity import Identity, Outcome
from sim.checkpoint.returning import returned_to
from sim.checkpoint.taking import taken_from
from sim.dials import Dials
from sim.disturbances import Disturbances
from sim.events import kind_named
from sim.media import MediaDesk
from sim.mess.planting import planting_of
from sim.pace import Pace
from sim.panel import PanelRooms
from sim.recommenders.live import LivePolicy
from sim.recommenders.recommender import Policy
from sim.scenario import Scenario
from sim.schema_changes import Evolution, SchemaChange
from sim.shifts.shift import Shift, Step
from sim.stage import Stage
from sim.steering.change import CHANGES, Change
from sim.steering.helm import Helm

__all__ = ["World"]

_DIMENSIONS = 8


class World:
    """A scenario acted out: the events of shard i of n are those of the sources whose number is i modulo n.

    The union of all shards is the unsharded run, event for event and id for id.

    >>> from sim.testing import tiny_scenario
    >>> world = World(tiny_scenario())
    >>> first = next(world.ticks())
    >>> len(first) > 0
    True
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        shard: tuple[int, int] = (0, 1),
        pace: Pace | None = None,
        changes: Sequence[Change] = (),
        checkpoint: bytes | None = None,
    ) -> None:
        """``pace`` sets the step of the clock and the level of arrivals; by default the scenario's own.

        ``changes`` are steered from the first tick on: those of a run that is to be repeated, or resumed.
        ``checkpoint`` is where the world goes on (see :meth:`checkpoint`); changes that it knows of may be among those
        that are given, and need not. CheckpointError if it is damaged, or of another world.
        """
        if not 0 <= shard[0] < shard[1]:
            raise ValueError(
                f"shard {shard[0]}/{shard[1]} must be one of 0/{shard[1]} to {shard[1] - 1}/{shard[1]}"
            )
        pace = pace or Pace.of(scenario)
        saved = None if checkpoint is None else Checkpoint.read(checkpoint)
        if saved is not None:
            Identity.of(scenario, pace.span, pace.arrivals, shard).check(saved.identity)
            # What another machine has rounded otherwise.
            pace = replace(pace, arrivals=saved.identity["arrivals"])
        self.scenario, self.shard, self.pace = scenario, shard, pace
        audience, start = scenario.audience, scenario.start_ms // pace.span * pace.span
        self._since = start if saved is None else saved.tick * pace.span
        self._steered: list[tuple[int, Change]] = []
        blocks = np.arange(-(-audience.people // audience.block), dtype=np.int64)
        self.catalogue_source, self.stage_source = len(blocks), len(blocks) + 1
        self.env = simpy.Environment(initial_time=start)
        self.stage = Stage(
            scenario.seed,
            span=pace.span,
            sources=len(blocks) + 2,
            shard=shard,
            planting=planting_of(scenario, start, pace.span),
        )
        self.stage.tick = start // pace.span
        self.stage.silent = saved is not None
        self.dials = Dials(
            scenario.seed,
            attendance=Attendance(scenario.seed, shares=scenario.shares()),
            disturbances=Disturbances(scenario.seed, span=pace.span, vocabularies=scenario.vocabularies()),
        )
        self.catalog = Catalog(
            scenario.catalog,
            scenario.seed,
            start=start,
            regions=tuple(audience.regions),
            dimensions=_DIMENSIONS,
            languages=scenario.languages,
        )
        self.evolution = Evolution(scenario.schema_changes, scenario.seed, start)
        self.desk = MediaDesk(scenario.media, scenario.seed)
        rulebook = Rulebook(scenario.policy_calendar, start)
        self.author = Author(
            scenario.seed,
            audience.block,
            scenario.languages,
            self.desk,
            self.stage,
            audience.talk.moderation.signals(scenario.seed),
            rulebook,
        )
        self.moderator = Moderator(scenario.moderation, scenario.seed, audience.block, self.stage, rulebook)
        self._rooms = PanelRooms(scenario.seed, audience, self.catalog, self._panel)
        self.policy = scenario.recommender.open(
            self.catalog, regions=len(audience.regions), size=audience.slate, panels=self._rooms
        )
        if saved is None:
            self.policy.refresh(start)
        mine = blocks[shard[0] :: shard[1]]
        self.cohort = self._cohort(audience, mine, self.policy, self.stage, scenario.seed, start)
        self.dials.disturbances.around.people = self.cohort.population
        self._cast()
        if saved is not None:
            changes = self._act_again(saved, changes)
        elif pace.expected:
            self.cohort.begin_midstream(start, pace.expected.moments, pace.expected.session_ms)
        for change in changes:
            self.steer(change)

    def _act_again(self, saved: Checkpoint, changes: Sequence[Change]) -> list[Change]:
        """Come to where a checkpoint was made; returns the changes that it does not know."""
        # The processes on the stage act out the past once more, which cannot be written down but costs little; what
        # the audience did is all in columns, and is put back.
        known = [(given, CHANGES.parse(change)) for given, change in saved.changes]
        for given, change in known:
            if given < self._since:
                self.helm.steer(change)
                self._steered.append((given, change))
        if self._since > self.env.now:
            self.env.run(until=self._since)
        Outcome.of(self.dials, self.catalog).check(saved.outcome)
        returned_to(self._holders, saved.snapshot)
        self.stage.silent = False
        self.cohort.go_on()
        # What was steered just before the checkpoint was made had not been carried out, even if it was due at once.
        latest = [change for given, change in known if given >= self._since]
        unknown = list(changes)
        for _, change in known:
            # The same change may have been made twice: each takes one of those that are given.
            if change in unknown:
                unknown.remove(change)
        return latest + unknown

    @property
    def _holders(self) -> dict[str, object]:
        """All that holds what the audience did."""
        return {"stage": self.stage, "policy": self.policy, "cohort": self.cohort}

    def checkpoint(self) -> bytes:
        """All that a world needs to go on from here, event for event; between ticks only.

        ``World(scenario, shard=…, pace=…, checkpoint=…)`` goes on as if it had never stopped. Only requests that a live
        recommender had not answered yet cannot be answered any more: their viewers get what its fallback shows, and it
        counts them. The bytes hold arrays and plain data: whoever reads them runs nothing.
        """
        if self.env.now != self.stage.tick * self.pace.span:
            raise CheckpointError(
                f"the world is at {self.env.now:.0f} ms, within a tick: ask for a checkpoint between ticks"
            )
        identity = Identity.of(self.scenario, self.pace.span, self.pace.arrivals, self.shard)
        # What processes change they change again; what stands beside the dials is turned as they are.
        apart: list[object] = [
            self.env,
            self.catalog,
            self.desk,
            self.author,
            self.moderator,
            self.cohort.crowds,
        ]
        apart += [self.dials, *vars(self.dials).values()]
        return Checkpoint(
            self.stage.tick,
            identity.told(),
            Outcome.of(self.dials, self.catalog).told(),
            [(given, change.model_dump(mode="json")) for given, change in self._steered],
            taken_from(self._holders, apart=apart),
        ).written()

    def _panel(
        self, audience: AudienceSettings, policy: Policy, stage: Stage, seed: int, start: int
    ) -> Cohort:
        blocks = np.arange(-(-audience.people // audience.block), dtype=np.int64)
        return self._cohort(audience, blocks, policy, stage, seed, start)

    def _cohort(
        self,
        audience: AudienceSettings,
        blocks: NDArray[np.int64],
        policy: Policy,
        stage: Stage,
        seed: int,
        start: int,
    ) -> Cohort:
        population = populated(
            seed, blocks, audience, self.scenario.vocabularies(planned=False), self.catalog
        )
        talkers = Talkers(audience.talk, self.author, self.moderator, audience.viewers)
        plays = Plays(audience, self.catalog, self.dials, stage, talkers)
        sessions = Sessions(audience, population, self.catalog, policy, self.dials, stage, plays, seed)
        kind = LiveCohort if isinstance(policy, LivePolicy) else Cohort
        return kind(
            sessions,
            regions=audience.regions,
            blocks=blocks,
            start=start,
            span=stage.span,
            rate=self.pace.arrivals,
        )

    def _cast(self) -> None:
        scenario, env = self.scenario, self.env
        # Shifts first: of processes that are due at the same time, those that came earlier act earlier.
        for shift in scenario.shifts:
            self._plant(shift)
        records = CatalogRecords(self.catalog, self.desk, self.stage, self.catalogue_source)
        Releases(env, self.catalog, records, self._refresh, self.cohort.crowds.gather).start()
        env.process(self.cohort.run(env, self._refresh, every=scenario.catalog.refresh, since=self._since))
        for change in scenario.policy_calendar:
            self._proclaim(change)
        for schema_change in scenario.schema_changes:
            self._publish_schema(schema_change)
        cast = Cast(env, scenario.seed, scenario.audience.viewers, self.catalog, self.author, self.moderator)
        playbill = Playbill(cast)
        for campaign in scenario.campaigns:
            playbill.start(campaign)
        self.helm = Helm(
            env,
            scenario,
            self.pace,
            self.dials,
            self.stage,
            playbill,
            source=self.stage_source,
            plant=self._plant,
        )

    def _refresh(self, now: int) -> None:
        if now >= self._since:
            self.policy.refresh(now)

    def _plant(self, shift: Shift) -> None:
        self.env.process(shift.run(self.env, self.dials, self._announce))

    def steer(self, change: Change) -> None:
        """Have a change carried out at its time; between ticks only.

        Raises :class:`~sim.steering.change.TooLateError`, which names the earliest possible time, and ValueError if
        the change contradicts the scenario.
        """
        self.helm.steer(change)
        self._steered.append((int(self.env.now), change))

    def _announce(self, shift: Shift, step: Step) -> None:
        # What the cohort has acted out already is over: a shift within a tick takes effect at the next one.
        effective = max(self._next_tick(self.env.now), self.cohort.clocks.acted_until)
        words = {
            "subject": f"shift:{shift.name}",
            "shift": shift.name,
            "shift_kind": shift.kind,
            "dial": shift.target,
            "factor": step.factor,
            "features": list(shift.features),
            "size": shift.size,
            "level": step.level,
            "onset_ms": self._next_tick(step.onset),
            "end_ms": None if step.end is None else self._next_tick(step.end),
        }
        columns = {name: objects([value]) for name, value in words.items()}
        columns["at"] = np.array([effective], dtype=np.int64)
        columns["source"] = np.array([self.stage_source], dtype=np.int64)
        self.stage.emit(kind_named("truth", "shift"), columns)

    def _next_tick(self, at: float) -> int:
        return -(-int(at) // self.pace.span) * self.pace.span

    def _proclaim(self, change: PolicyChange) -> None:
        words = {
            "subject": f"policy:{change.policy}.{change.function}",
            "change": change.name,
            "policy": change.policy,
            "function": change.function,
            "violating": change.violating,
        }
        columns = {name: objects([value]) for name, value in words.items()}
        columns["at"] = np.array([int(self.env.now) + change.at], dtype=np.int64)
        columns["source"] = np.array([self.stage_source], dtype=np.int64)
        self.stage.emit(kind_named("truth", "policy_change"), columns)

    def _publish_schema(self, change: SchemaChange) -> None:
        words = {
            "subject": f"schema:{change.topic}.{change.kind}",
            "change": change.name,
            "topic": change.topic,
            "record": change.kind,
            "version": change.version_among(self.scenario.schema_changes),
            "added": change.add_field.name if change.add_field else "",
            "removed": change.remove_field or "",
        }
        columns = {name: objects([value]) for name, value in words.items()}
        columns["at"] = np.array([int(self.env.now) + change.at], dtype=np.int64)
        columns["source"] = np.array([self.stage_source], dtype=np.int64)
        self.stage.emit(kind_named("truth", "schema_change"), columns)

    def ticks(self) -> Iterator[Tick]:
        """All that happens, tick by tick, without end."""
        while True:
            self.env.run(until=(self.stage.tick + 1) * self.pace.span)
            yield self.evolution.applied(self.dials.disturbances.applied(self.stage.close()))
