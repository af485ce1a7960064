"""Putting a run together: world, codec, encoder, sink and schedule."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event

from sim.adversaries.moderation import TargetRefusedError
from sim.numbering import seed_tag
from sim.pace import Pace
from sim.scenario import Scenario
from sim.world import World
from streams.cluster.administration import ensure_topics, wait_for_broker
from streams.cluster.embedded import EmbeddedBroker
from streams.cluster.guard import BrokerGuard
from streams.codec.json_codec import JsonCodec
from streams.exits import UsageError
from streams.history import history_of
from streams.publish.records import Encoder
from streams.publish.run import Run
from streams.publish.schedule import Schedule
from streams.publish.sinks.flags import chosen_sinks
from streams.publish.sinks.kafka import Kafka
from streams.publish.sinks.opening import open_sinks
from streams.publish.sinks.plan import RunFacts
from streams.settings import ClusterSettings
from streams.topics import TOPICS

__all__ = ["KafkaTarget", "assembled", "check_targets", "kafka_sink"]


@dataclass(frozen=True)
class KafkaTarget:
    """What the flags say about Kafka; without a broker, an embedded one is meant."""

    broker: str | None
    run: str
    partitions: int | None
    timeout_s: float


def check_targets(scenario: Scenario, run: str, broker: str | None) -> None:
    """:class:`.UsageError` if child-safety signals would go to a run or broker that the scenario does not name."""
    hosts = [part.strip().rsplit(":", 1)[0] for part in (broker or "").split(",") if part.strip()]
    try:
        scenario.audience.talk.moderation.check_targets(run, *hosts)
    except TargetRefusedError as error:
        raise UsageError(str(error)) from None


def kafka_sink(stack: ExitStack, target: KafkaTarget, scenario: Scenario) -> Kafka:
    """A sink on the cluster, its topics made or checked; an embedded broker lives as long as the stack."""
    throttle: Callable[[], float] = float
    if target.broker is None:
        embedded = stack.enter_context(EmbeddedBroker())
        settings = embedded.settings
        throttle = stack.enter_context(BrokerGuard(embedded)).pause_seconds
    else:
        settings = ClusterSettings.from_environment(target.broker)
        wait_for_broker(settings, target.timeout_s)
    ensure_topics(settings, target.run, partitions=target.partitions, history=history_of(scenario))
    counts = {
        topic.name: target.partitions if target.partitions and topic.partitions > 1 else topic.partitions
        for topic in TOPICS
    }
    return Kafka(settings, target.run, partitions=counts, patience_s=target.timeout_s, throttle=throttle)


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
) -> Run:
    """A run, ready to be played; ``sink`` is what the flag of that name says, once or several times."""
    tag, vocabularies = seed_tag(scenario.seed), scenario.vocabularies()
    codec = JsonCodec(tag, vocabularies)
    partitions = target.partitions if target else {topic.name: topic.partitions for topic in TOPICS}
    source = f"/greenroom/{scenario.name}"
    encoder = Encoder(codec, tag=tag, source=source, partitions=partitions, cloudevents=cloudevents)
    live_from = scenario.start_ms + backfill
    facts = RunFacts(codec, vocabularies, scenario.seed, source, shard, scenario.start_ms)
    return Run(
        world=World(scenario, shard=shard, pace=pace),
        sink=open_sinks(chosen_sinks(_texts(sink, target)), facts, target, stop=stop),
        encoder=encoder,
        schedule=Schedule(speed, live_from),
        until=None if span is None else live_from + span,
        stop=stop,
    )


def _texts(sink: str | Sequence[str] | None, target: Kafka | None) -> Sequence[str]:
    texts = [sink] if isinstance(sink, str) else list(sink or ())
    return texts if texts or target else ["null"]
