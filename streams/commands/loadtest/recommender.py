"""``greenroom loadtest recommender``: the audience asks a service for its slates, and answers them."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.commands.loadtest import flags
from streams.commands.options import AnnounceFile, EndpointHost, JsonAtEnd

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.recommenders.recommender import Recommender
    from sim.scenario import Scenario
    from streams.loadtest.recommender.trial import Trial

__all__ = ["recommender"]

_TOLD_EVERY_S = 10.0
_STARVED_S = 0.1


def recommender(
    target: flags.Target,
    scenario: Annotated[str, typer.Argument(help="A scenario that ships, or a YAML file.")] = "video_service",
    rate: flags.Rate = None,
    ramp: flags.Ramp = None,
    span: flags.For = None,
    arrivals: flags.SpacingFlag = "poisson",
    speed: Annotated[
        float | None,
        typer.Option(min=0.001, help="Simulated time over wall time; default: as fast as the rate asks for."),
    ] = None,
    deadline: flags.Deadline = "500ms",
    window: Annotated[str, typer.Option(help="How long requests are gathered for one message.")] = "10ms",
    batch: Annotated[int, typer.Option(min=1, max=10_000, help="Most requests in a message.")] = 64,
    connections: flags.Connections = 256,
    candidates: Annotated[
        int | None, typer.Option(min=1, max=1000, help="Items offered with each request to choose from.")
    ] = None,
    mapping: flags.Mapping = None,
    broker: flags.Broker = None,
    seed: Annotated[int | None, typer.Option(help="Seed, instead of the scenario's.")] = None,
    viewers: Annotated[
        int | None, typer.Option(help="Size of the audience, instead of the scenario's.")
    ] = None,
    change: Annotated[
        list[str] | None, typer.Option("--set", help="A value of the scenario to replace, path=value.")
    ] = None,
    slo: flags.Slo = None,
    fail_if: flags.FailIf = None,
    report: flags.ReportFile = None,
    endpoint_host: EndpointHost = "127.0.0.1",
    endpoint_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port for metrics while it runs; default: none.")
    ] = None,
    announce_file: AnnounceFile = None,
    as_json: JsonAtEnd = False,
) -> None:
    """Test a recommender in a closed world and an open loop: requests leave on schedule, viewers act on the answers.

    What is late or wrong is counted by its kind and replaced by the scenario's own recommender (by popularity, if
    that has several).

    Example: greenroom loadtest recommender --target http://127.0.0.1:8080/recommend --rate 500 --candidates 50

    Highest rate: … --ramp 100:2000:2m --slo 'p99<100ms' --report report.html
    """
    from streams.announcement import announce
    from streams.endpoint import Endpoint
    from streams.loadtest.arrivals import Arrivals
    from streams.loadtest.gates import broken, gates
    from streams.loadtest.recommender.figures import known_figures
    from streams.loadtest.recommender.trial import Trial
    from streams.loadtest.slo import ServiceLevel
    from streams.scenario_flags import opened
    from streams.signals import stopped_by_signals

    chosen = opened(scenario, seed=seed, viewers=viewers, changes=change or ())
    level = ServiceLevel.parse(slo) if slo else None
    thresholds = gates(fail_if or (), known_figures(chosen))
    profile = flags.profile_of(rate, ramp, span, slo)
    service = _service(
        chosen,
        target,
        broker,
        deadline,
        window,
        {"batch": batch, "connections": connections},
        candidates,
        mapping,
    )
    load = Arrivals(profile, flags.spacing_of(arrivals), seed=chosen.seed)
    with ExitStack() as stack:
        stop = stack.enter_context(stopped_by_signals())
        stack.enter_context(flags.prompt_threads())
        if endpoint_port is not None:
            endpoint = Endpoint(port=endpoint_port, host=endpoint_host, ready=lambda: True)
            announce(announce_file, endpoint=stack.enter_context(endpoint).url)
        trial = Trial(chosen, service, load, speed=speed, stop=stop, on_progress=_telling(silent=as_json))
        trial.run()
    figures = {"target": target, "scenario": chosen.name, **trial.measured.summary(level), **trial.summary()}
    failures = broken(thresholds, figures, counts=("errors.*", "fallbacks.*"))
    if not as_json:
        _tell(figures)
    flags.finish(
        figures, failures, page=_page(report, figures, trial, failures), file=report, as_json=as_json
    )


def _service(
    scenario: "Scenario",
    target: str,
    broker: str | None,
    deadline: str,
    window: str,
    http: dict[str, int],
    candidates: int | None,
    mapping: Path | None,
) -> "Recommender":
    from sim.recommenders.popularity import Popularity
    from sim.recommenders.recommender import Solo
    from streams.loadtest.target import HttpTarget, parse_target
    from streams.recommenders.http import Http
    from streams.recommenders.kafka import Kafka
    from streams.scenario_flags import duration_of

    found, usual = parse_target(target, broker=broker), scenario.recommender
    if isinstance(usual, (Http, Kafka)):
        usual = usual.fallback
    given: dict[str, Any] = {
        "deadline": duration_of("--deadline", deadline),
        "candidates": candidates,
        "mapping": None if mapping is None else str(mapping),
        "fallback": usual if isinstance(usual, Solo) else Popularity(),
    }
    if isinstance(found, HttpTarget):
        return Http(url=found.url, window=duration_of("--window", window) or 0, **given, **http)
    return Kafka(requests=found.requests, responses=found.responses, broker=found.settings.bootstrap, **given)


def _telling(*, silent: bool) -> "Callable[[Trial], None]":
    told = [0.0]

    def tell(trial: "Trial") -> None:
        measured = trial.measured
        if silent or not measured.requests or measured.seconds - told[0] < _TOLD_EVERY_S:
            return
        told[0] = measured.seconds
        typer.echo(
            f"{measured.seconds:5.0f} s: {measured.requests:,} requests, {sum(measured.errors.values()):,} errors, "
            f"p99 {measured.latency.at(99) or 0:,.0f} ms",
            err=True,
        )

    return tell


def _tell(figures: dict[str, Any]) -> None:
    latency, outcomes = figures["latency_ms"], figures["outcomes"]
    typer.echo(
        f"offered {figures['offered_rate']:,.1f}/s, achieved {figures['achieved_rate']:,.1f}/s; "
        f"latency p50 {latency['p50']} p95 {latency['p95']} p99 {latency['p99']} p99.9 {latency['p99.9']} ms "
        f"(the generator was late by {figures['lateness_ms']['p99']} ms at p99)"
    )
    for kind, count in sorted(figures["fallbacks"].items()):
        typer.echo(f"fallback {kind}: {count:,}")
    if figures["starved_s"] > _STARVED_S:
        typer.echo(
            f"for {figures['starved_s']:.1f} s nobody was left to ask: this audience is too small for the rate and the "
            "target's latency; give it more --viewers",
            err=True,
        )
    if "sustainable" in figures:
        rate = figures["sustainable"]["rate"]
        typer.echo(
            f"{figures['sustainable']['slo']}: " + ("no rate held" if rate is None else f"{rate:,.1f}/s held")
        )
    typer.echo(
        f"{figures['slates']:,} slates in {figures['simulated_s'] / 3600:,.1f} simulated hours: ctr {outcomes['ctr']}, "
        f"watched {outcomes['watch_seconds']} s a slate, coverage {outcomes['coverage']}, gini {outcomes['gini']}"
    )


def _page(file: Path | None, figures: dict[str, Any], trial: "Trial", failures: list[str]) -> Any:
    if file is None:
        return None
    from streams.loadtest.recommender.report import report

    return report(figures, trial.measured.timeline.seconds(), failures)
