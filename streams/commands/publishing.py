"""Putting a run together: world, codec, encoder, sink and schedule."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from threading import Event

from sim.adversaries.moderation import TargetRefusedError
from sim.checkpoint.checkpoint import Checkpoint
from sim.checkpoint.errors import CheckpointError
from sim.numbering import seed_tag
from sim.pace import Pace
from sim.recommenders.live import LivePolicy
from sim.scenario import Scenario
from sim.steering.change import Change, TooLateError
from sim.world import World
from streams.cluster.administration import ensure_topics, wait_for_broker
from streams.cluster.embedded import EmbeddedBroker
from streams.cluster.guard import BrokerGuard
from streams.codec.codec import Codec
from streams.codec.fitting import check_fits
from streams.commands.formats import codec_of
from streams.commands.words import moment, said
from streams.control.steering import Steering
from streams.exits import UsageError
from streams.history import history_of
from streams.progress import Progress
from streams.publish.checkpoints import Checkpoints
from streams.publish.fingerprint import differences, fingerprint_of
from streams.publish.records import Encoder
from streams.publish.resumption import last_progress
from streams.publish.run import Run
from streams.publish.schedule import Schedule
from streams.publish.sinks.flags import chosen_sinks
from streams.publish.sinks.kafka import Kafka
from streams.publish.sinks.opening import open_sinks
from streams.publish.sinks.plan import RunFacts
from streams.settings import ClusterSettings
from streams.topics import TOPICS, qualified

__all__ = ["EndedError", "KafkaTarget", "assembled", "check_targets", "kafka_sink"]


class EndedError(Exception):
    """A shard that is asked to go on has published all that is asked for, and said so."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(
            f"shard {progress.shard} has ended at {moment(progress.at)}: all its {progress.count:,} records are "
            "published, and none is left"
        )
        self.progress = progress


@dataclass(frozen=True)
class KafkaTarget:
    """What the flags say about Kafka; without a broker, an embedded one is meant."""

    broker: str | None
    run: str
    partitions: int | None
    timeout_s: float
    """Longest silence of the broker before anything is published."""
    shard: tuple[int, int] = (0, 1)
    exactly_once: bool = True
    resume: bool = False
    patience_s: float = 30.0
    """Longest silence of the broker from then on."""


def check_targets(scenario: Scenario, run: str, broker: str | None) -> None:
    """:class:`.UsageError` if child-safety signals would go to a run or broker that the scenario does not name."""
    hosts = [part.strip().rsplit(":", 1)[0] for part in (broker or "").split(",") if part.strip()]
    try:
        scenario.audience.talk.moderation.check_targets(run, *hosts)
    except TargetRefusedError as error:
        raise UsageError(str(error)) from None


def kafka_sink(stack: ExitStack, target: KafkaTarget, scenario: Scenario) -> Kafka:
    """A sink on the cluster, its topics made or checked; an embedded broker lives as long as the stack.

    It knows what the shard has committed before, which :class:`.UsageError` refuses to begin over.
    """
    throttle: Callable[[], float] = float
    if target.broker is None:
        embedded = stack.enter_context(EmbeddedBroker())
        settings = embedded.settings
        throttle = stack.enter_context(BrokerGuard(embedded)).pause_seconds
    else:
        settings = ClusterSettings.from_environment(target.broker)
        wait_for_broker(settings, target.timeout_s)
    created = ensure_topics(
        settings,
        target.run,
        partitions=target.partitions,
        history=history_of(scenario),
        patience_s=target.timeout_s,
    )
    counts = {
        topic.name: target.partitions if target.partitions and topic.partitions > 1 else topic.partitions
        for topic in TOPICS
    }
    new = qualified(target.run, "audit") in created
    if not new:
        # Before the shard is taken over: a second process by mistake shall not shut the first one out.
        _earlier(settings, target, settled=False)
    sink = Kafka(
        settings,
        target.run,
        partitions=counts,
        patience_s=target.patience_s,
        throttle=throttle,
        shard=target.shard,
        exactly_once=target.exactly_once,
    )
    sink.resumed = None if new else _earlier(settings, target, settled=True)
    return sink


def _earlier(settings: ClusterSettings, target: KafkaTarget, *, settled: bool) -> Progress | None:
    """What the shard has committed; :class:`.UsageError` if that is anything and nobody asks to go on from it."""
    found = last_progress(
        settings, target.run, target.shard, patience_s=target.timeout_s, settled=settled, tell=said
    )
    if found is not None and not target.resume:
        raise UsageError(
            f"run {target.run!r} is there already: shard {found.shard} has published {found.count:,} records, until "
            f"{moment(found.at)}. Go on with --resume, or begin another run with --run NAME"
        )
    return found


def assembled(
    scenario: Scenario,
    pace: Pace,
    shard: tuple[int, int],
    *,
    sink: str | Sequence[str] | None,
    target: Kafka | None,
    speed: float | None,
    span: int | None,
    backfill: int,
    cloudevents: bool,
    stop: Event,
    controls: Steering | None = None,
    commit_every_s: float = 1.0,
    checkpoints: Checkpoints | None = None,
    codec: Codec | None = None,
    traceparent: bool = False,
) -> Run:
    """A run, ready to be played; ``sink`` is what the flag of that name says, once or several times.

    A target that knows of an earlier process of the shard goes on where that one ended. :class:`.UsageError` names
    what is not as it was; :class:`EndedError` says that nothing is left to be done. Records are JSON unless another
    ``codec`` is given.
    """
    tag, vocabularies = seed_tag(scenario.seed), scenario.vocabularies()
    codec = codec or codec_of(scenario, "", "json", None)
    partitions = target.partitions if target else {topic.name: topic.partitions for topic in TOPICS}
    source = f"/greenroom/{scenario.name}"
    headers = {"cloudevents": cloudevents, "traceparent": traceparent}
    encoder = Encoder(codec, tag=tag, source=source, partitions=partitions, **headers)
    resumed = target.resumed if target else None
    fingerprint = fingerprint_of(scenario, pace, partitions, format=codec.name, **headers)
    if target and resumed:
        _check(target.delivery.run, resumed, fingerprint)
    live_from = scenario.start_ms + backfill
    until = None if span is None else live_from + span
    if resumed and resumed.closed and until is not None and resumed.at >= until:
        raise EndedError(resumed)
    schedule = Schedule(speed, max(live_from, resumed.at) if resumed else live_from)
    saved = _saved_in(checkpoints, resumed)
    known = controls.known() if controls else []
    fits = partial(check_fits, codec)
    _check_recorded(known, fits)
    world = _world(scenario, pace, shard, known, saved)
    if resumed and isinstance(world.policy, LivePolicy):
        raise UsageError(_ANSWERS_ARE_GONE)
    starts_at = world.stage.tick * world.pace.span
    about = RunFacts(codec, vocabularies, scenario.seed, source, shard, starts_at, resumed is not None)
    if controls:
        controls.attach(world, schedule, stop, fits=fits)
    return Run(
        world=world,
        sink=open_sinks(chosen_sinks(_texts(sink, target)), about, target, stop=stop),
        encoder=encoder,
        schedule=schedule,
        until=until,
        stop=stop,
        controls=controls,
        commit_every_s=commit_every_s,
        resumed=resumed,
        facts={"fingerprint": fingerprint},
        checkpoints=checkpoints,
    )


def _check_recorded(changes: Sequence[Change], fits: Callable[[Change], None]) -> None:
    try:
        for change in changes:
            fits(change)
    except ValueError as error:
        raise UsageError(f"the recorded changes are of a run in another format: {error}") from error


def _world(
    scenario: Scenario, pace: Pace, shard: tuple[int, int], changes: Sequence[Change], saved: bytes | None
) -> World:
    try:
        return World(scenario, shard=shard, pace=pace, changes=changes, checkpoint=saved)
    except TooLateError as error:
        raise UsageError(
            f"the recorded changes are of a run that began earlier: {error}; give the flags of that run"
        ) from error
    except ValueError as error:
        if isinstance(error, CheckpointError) or not changes:
            raise
        raise UsageError(f"the recorded changes are of another scenario: {error}") from error


def _texts(sink: str | Sequence[str] | None, target: Kafka | None) -> Sequence[str]:
    texts = [sink] if isinstance(sink, str) else list(sink or ())
    return texts if texts or target else ["null"]


def _saved_in(checkpoints: Checkpoints | None, resumed: Progress | None) -> bytes | None:
    """The checkpoint that the earlier process named, if it is there and can be read."""
    if checkpoints is None:
        return None
    address = resumed.checkpoint if resumed else None
    content = checkpoints.load(address) if address else None
    try:
        found = content and Checkpoint.read(content)
    except CheckpointError as error:
        said(str(error))
        content = found = None
    checkpoints.go_on_from(address if found else None)
    if resumed:
        since = "its last checkpoint" if found else "the beginning"
        said(
            f"going on from {moment(resumed.at)}; the world is acted out from {since} until then, and nothing sent"
        )
    return content


def _check(run: str, resumed: Progress, fingerprint: dict[str, str]) -> None:
    if wrong := differences(resumed.fingerprint, fingerprint):
        raise UsageError(
            f"run {run!r} cannot be resumed with what is given, since other records would follow: it began with "
            f"other values of {', '.join(wrong)}. Give the same, or begin another run with --run NAME"
        )


_ANSWERS_ARE_GONE = (
    "--resume cannot go on with a recommender that is asked while the run goes on: what it answered before is not "
    "known any more, so that other records would follow. Begin another run with --run NAME"
)
