"""``greenroom run``: act out a scenario and publish it."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from streams.commands.options import (
    AnnounceFile,
    DeliveryPromise,
    EndpointHost,
    EndpointPort,
    JsonAtEnd,
    RegistryUrl,
    RunName,
)
from streams.commands.words import said
from streams.exits import UsageError

__all__ = ["run"]

_BEGIN_WITHIN_S = 30.0
_PATIENCE_S = 120.0


def run(
    scenario: Annotated[str, typer.Argument(help="A scenario that ships, or a YAML file.")] = "video_service",
    broker: Annotated[
        str | None,
        typer.Option(help="Kafka brokers, host:port, separated by commas; by default an embedded one."),
    ] = None,
    run: RunName = "greenroom",
    sink: Annotated[
        list[str] | None,
        typer.Option(
            envvar="GREENROOM_SINK",
            help="kafka, jsonl:DIR, parquet:DIR, webhook:URL, stdout or null, with ,topics=… or ,kinds=… and other "
            "options; several times for several. DIR may be a URL such as s3://bucket/path. Kafka by default.",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed, instead of the scenario's.")] = None,
    viewers: Annotated[
        int | None, typer.Option(help="Size of the audience, instead of the scenario's.")
    ] = None,
    change: Annotated[
        list[str] | None, typer.Option("--set", help="Another value to replace, as path=value.")
    ] = None,
    shard: Annotated[str, typer.Option(help="Part of the sources that this process plays, i/n.")] = "0/1",
    speed: Annotated[str, typer.Option(help="Simulated time over wall time: 1x, 60x, … or max.")] = "1x",
    rate: Annotated[
        float | None, typer.Option(help="Mean events per second of wall time; scales arrivals.")
    ] = None,
    span: Annotated[
        str | None, typer.Option("--for", help="Simulated time to play after any backfill, such as 2h.")
    ] = None,
    backfill: Annotated[
        str | None, typer.Option(help="Simulated time to write at full speed first, such as 7d.")
    ] = None,
    partitions: Annotated[
        int | None, typer.Option(min=1, help="Partitions of every topic that has several.")
    ] = None,
    format_name: Annotated[
        str, typer.Option("--format", help="Format of the records: json, avro, json_schema or protobuf.")
    ] = "json",
    registry: RegistryUrl = None,
    cloudevents: Annotated[bool, typer.Option(help="CloudEvents headers on the journeys too.")] = False,
    traceparent: Annotated[
        bool, typer.Option(help="The header of W3C Trace Context on the journeys too.")
    ] = False,
    delivery: Annotated[
        DeliveryPromise,
        typer.Option(
            help="exactly-once needs a cluster with transactions; at-least-once may repeat on --resume."
        ),
    ] = DeliveryPromise.EXACTLY_ONCE,
    resume: Annotated[
        bool, typer.Option(help="Go on where an earlier process of this shard ended, if there was one.")
    ] = False,
    commit_every: Annotated[
        str, typer.Option(help="Wall time after which what was sent becomes readable, such as 1s.")
    ] = "1s",
    checkpoints: Annotated[
        str, typer.Option(help="Folder or fsspec URL that gets checkpoints, from which --resume is quick.")
    ] = ".greenroom/checkpoints",
    checkpoint_every: Annotated[
        str, typer.Option(help="Wall time between two checkpoints, such as 5m; 0s for none.")
    ] = "5m",
    replay: Annotated[
        Path | None,
        typer.Option(help="Act out the changes of a run that was steered: a file of `greenroom steer log`."),
    ] = None,
    broker_timeout: Annotated[
        float | None,
        typer.Option(
            min=1,
            help="Longest silence of the broker, in seconds; by default 30 before the run begins and 120 later.",
        ),
    ] = None,
    endpoint_host: EndpointHost = "127.0.0.1",
    endpoint_port: EndpointPort = 0,
    announce_file: AnnounceFile = None,
    as_json: JsonAtEnd = False,
) -> None:
    """Act out a scenario and publish it, until its end, Ctrl-C or SIGTERM.

    Example: greenroom run short_video --broker localhost:9092 --speed 60x --for 2h

    Without Kafka: greenroom run short_video --sink jsonl:out --for 1h --speed max

    With schemas: greenroom run short_video --format avro --registry http://localhost:8081

    Beside Kafka: greenroom run short_video --sink kafka --sink parquet:out,topics=journeys,kinds=play,complete
    """
    from streams.announcement import announce
    from streams.commands.formats import codec_of
    from streams.commands.publishing import EndedError, KafkaTarget, assembled, check_targets, kafka_sink
    from streams.control.controls import Controls
    from streams.control.recording import recorded
    from streams.control.rehearsal import Rehearsal
    from streams.control.steering import Steering
    from streams.endpoint import Endpoint
    from streams.publish.checkpoints import Checkpoints
    from streams.publish.schedule import Lateness
    from streams.publish.sinks.fanout import Branches
    from streams.publish.sinks.flags import chosen_sinks
    from streams.recommenders.connection import connected
    from streams.scenario_flags import duration_of, opened, paced, shard_of
    from streams.signals import stopped_by_signals
    from streams.tracing import tracing

    sinks = chosen_sinks(sink or ())
    if broker and not sinks.kafka:
        raise UsageError(
            f"--broker {broker} is for Kafka, which --sink leaves out; add --sink kafka, or leave --broker out"
        )
    chosen = opened(scenario, seed=seed, viewers=viewers, changes=change or ())
    check_targets(chosen, run, broker)
    codec = codec_of(chosen, run, format_name, registry, sink or ())
    factor, pace = paced(chosen, speed, rate)
    part, length, past = shard_of(shard), duration_of("--for", span), duration_of("--backfill", backfill) or 0
    commit_s = (duration_of("--commit-every", commit_every) or 0) / 1000
    checkpoint_s = (duration_of("--checkpoint-every", checkpoint_every) or 0) / 1000
    begin_s, patience_s = broker_timeout or _BEGIN_WITHIN_S, broker_timeout or _PATIENCE_S
    exactly_once = delivery is DeliveryPromise.EXACTLY_ONCE
    with ExitStack() as stack:
        stack.enter_context(tracing("run"))
        stop = stack.enter_context(stopped_by_signals())
        target = (
            kafka_sink(
                stack,
                KafkaTarget(broker, run, partitions, begin_s, part, exactly_once, resume, patience_s),
                chosen,
            )
            if sinks.kafka
            else None
        )
        # An embedded broker is gone when this process is, and what was published with it.
        kept = (
            Checkpoints(checkpoints, run, part, every_s=checkpoint_s, tell=said)
            if target and broker and checkpoint_s
            else None
        )
        replayed = recorded(replay) if replay else []
        controls: Steering = (
            Controls(
                target.delivery.settings,
                run,
                part,
                resumed=resume,
                sent_until=target.resumed.tick + 1 if target.resumed else 0,
                replayed=replayed,
                patience_s=begin_s,
            )
            if target
            else Rehearsal(replayed)
        )
        stack.callback(controls.close)
        try:
            play = assembled(
                chosen,
                pace,
                part,
                sink=sink,
                target=target,
                speed=factor,
                span=length,
                backfill=past,
                cloudevents=cloudevents,
                stop=stop,
                controls=controls,
                commit_every_s=commit_s,
                checkpoints=kept,
                codec=codec,
                traceparent=traceparent,
            )
        except EndedError as ended:
            said(str(ended))
            nothing = {
                "published": 0,
                "by_topic": {},
                "elapsed_s": 0.0,
                "events_per_s": 0.0,
                "acknowledged": 0,
            }
            over = {"simulated_until": ended.progress.at, "ended": True, "lateness": Lateness().summary()}
            _tell({**nothing, **over}, rate, as_json)
            return
        if isinstance(play.sink, Branches):
            stack.callback(play.sink.close)
        endpoint = stack.enter_context(Endpoint(port=endpoint_port, host=endpoint_host, ready=lambda: True))
        announce(announce_file, endpoint=endpoint.url)
        if target:
            typer.echo(
                f"run {run!r} to {target.delivery.settings.bootstrap}, metrics at {endpoint.url}/metrics",
                err=True,
            )
        pacing = play.schedule.intended if factor else None
        came_of_it = stack.enter_context(
            connected(play.world, pacing=pacing, live_from=play.schedule.live_from)
        )
        play.play()
    _tell(
        play.summary()
        | came_of_it()
        | ({"sinks": play.sink.figures()} if isinstance(play.sink, Branches) else {})
        | ({"acknowledged": target.delivery.acknowledged - target.proofs} if target else {}),
        rate,
        as_json,
    )


def _tell(summary: dict[str, Any], rate: float | None, as_json: bool) -> None:
    summary |= {"intended_rate": rate}
    if as_json:
        typer.echo(json.dumps(summary))
        return
    typer.echo(
        f"published {summary['published']:,} events in {summary['elapsed_s']:.1f} s: {summary['events_per_s']:,.0f}/s",
        err=True,
    )
    if "acknowledged" in summary:
        typer.echo(f"acknowledged {summary['acknowledged']:,}", err=True)
    if "recommender" in summary:
        reasons = (
            ", ".join(f"{kind} {n:,}" for kind, n in summary["recommender"]["fallbacks"].items()) or "none"
        )
        typer.echo(
            f"slates of the service {summary['recommender']['slates']:,}; fallbacks: {reasons}", err=True
        )
    lateness = summary["lateness"]
    if lateness["late_records"]:
        typer.echo(
            f"late: {lateness['late_records']:,} records left more than a second after their time "
            f"(p99 {lateness['p99_ms']:,.0f} ms); this machine does not hold the pace that was asked for",
            err=True,
        )
