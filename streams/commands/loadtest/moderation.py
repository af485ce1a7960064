"""``greenroom loadtest moderation``: labelled texts put to a moderation service, and what its verdicts are worth."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.commands.loadtest import flags
from streams.commands.options import AnnounceFile, EndpointHost, JsonAtEnd
from streams.exits import UsageError

if TYPE_CHECKING:
    from threading import Event

    from streams.loadtest.measurements import Measurements
    from streams.loadtest.moderation.sitting import Sitting

__all__ = ["moderation"]


def moderation(
    target: flags.Target,
    shape: Annotated[
        str, typer.Option(help="openai, perspective, azure, json, or a YAML file that maps another shape.")
    ] = "openai",
    rate: flags.Rate = None,
    ramp: flags.Ramp = None,
    span: flags.For = None,
    arrivals: flags.SpacingFlag = "poisson",
    deadline: flags.Deadline = "2s",
    connections: flags.Connections = 256,
    broker: flags.Broker = None,
    policy: Annotated[
        list[str] | None, typer.Option(help="Policies to test; default: all that show in texts.")
    ] = None,
    language: Annotated[list[str] | None, typer.Option(help="Languages of the texts; default: en.")] = None,
    tier: Annotated[
        list[str] | None,
        typer.Option(help="T0 test strings, T1 invented words, T2 mild everyday words; default: T2 and T1."),
    ] = None,
    operator: Annotated[list[str] | None, typer.Option(help="Disguises to test; default: all.")] = None,
    campaigns: Annotated[bool, typer.Option(help="Whether every eighth text is a campaign's.")] = True,
    prevalence: Annotated[
        float, typer.Option(min=0, max=1, help="Part of real traffic that violates, for deployed precision.")
    ] = 0.01,
    evolve: Annotated[
        int, typer.Option(min=0, help="Epochs in which attackers then evolve by the service's own verdicts.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the texts and of their times.")] = 0,
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
    """Test a moderation service in an open loop: requests leave on schedule, every verdict is held against its label.

    Example: greenroom loadtest moderation --target http://127.0.0.1:8080/v1/moderations --rate 200 --for 30s

    As a gate: … --fail-if 'recall.hate<0.8' --fail-if 'latency_ms.p99>200ms' --report report.html
    """
    from streams.announcement import announce
    from streams.endpoint import Endpoint
    from streams.loadtest.arrivals import Arrivals
    from streams.loadtest.gates import broken, gates
    from streams.loadtest.moderation.exam import exam, textual_operators, textual_policies
    from streams.loadtest.moderation.figures import figures_of, known_figures, short_names
    from streams.loadtest.moderation.known_shapes import shape_named
    from streams.loadtest.moderation.sitting import Sitting
    from streams.loadtest.open_loop import OpenLoop
    from streams.loadtest.slo import ServiceLevel
    from streams.loadtest.target import parse_target
    from streams.signals import stopped_by_signals

    asked, disguises = textual_policies(policy or ()), textual_operators(operator or ())
    _known(tier or (), language or ())
    seconds = flags.deadline_of(deadline)
    flags.writable(report)
    level = ServiceLevel.parse(slo) if slo else None
    thresholds = gates(fail_if or (), known_figures(asked))
    profile = flags.profile_of(rate, ramp, span, slo)
    service, form = parse_target(target, broker=broker, connections=connections), shape_named(shape)
    load = Arrivals(profile, flags.spacing_of(arrivals), seed=seed)
    questions = exam(
        seed,
        policies=asked,
        languages=language or ("en",),
        tiers=tier or ("T2", "T1"),
        operators=disguises,
        campaigns=campaigns,
    )
    # The vocabulary is made before the first request is due.
    next(questions)
    with ExitStack() as stack:
        stop = stack.enter_context(stopped_by_signals())
        stack.enter_context(flags.prompt_threads())
        if endpoint_port is not None:
            endpoint = Endpoint(port=endpoint_port, host=endpoint_host, ready=lambda: True)
            announce(announce_file, endpoint=stack.enter_context(endpoint).url)
        transport = service.transport()
        loop = stack.enter_context(OpenLoop(transport, deadline_s=seconds))
        sitting = Sitting(loop, form, stop)
        measured = sitting.sit(load, questions)
        race = _race(sitting, asked, tier, evolve, measured, seed, stop) if evolve else None
    figures = {
        "target": target,
        "shape": shape,
        **measured.summary(level),
        "late_answers": transport.late,
        **figures_of(sitting, prevalence),
        **({"race": race} if race else {}),
    }
    failures = broken(thresholds, figures | short_names(figures))
    if not as_json:
        _tell(figures)
    page = _page(figures, measured, failures) if report else None
    flags.finish(figures, failures, page=page, file=report, as_json=as_json)


def _known(tiers: Any, languages: Any) -> None:
    from sim.adversaries.policy import templates_of

    for name in tiers:
        if name not in ("T0", "T1", "T2"):
            raise UsageError(f"--tier {name!r} must be T0, T1 or T2")
    spoken = {language for one in templates_of("none").functions.values() for language in one.texts}
    for name in languages:
        if name not in spoken:
            raise UsageError(f"--language {name!r} must be one of {', '.join(sorted(spoken))}")


def _race(
    sitting: "Sitting",
    policies: tuple[str, ...],
    tiers: list[str] | None,
    epochs: int,
    measured: "Measurements",
    seed: int,
    stop: "Event",
) -> dict[str, Any]:
    from sim.adversaries.evolution.attackers import EvolutionSettings
    from streams.loadtest.moderation.race import Race

    tier = "T1" if tiers == ["T1"] else "T2"
    settings = EvolutionSettings(policies=policies, genomes=20, budget=200, delay=0, tier=tier)
    race: Race = Race(sitting.loop, sitting.shape, settings, measured.profile.peak, seed, stop)
    return race.run(epochs)


def _tell(figures: dict[str, Any]) -> None:
    latency = figures["latency_ms"]
    typer.echo(
        f"offered {figures['offered_rate']:,.1f}/s, achieved {figures['achieved_rate']:,.1f}/s; "
        f"latency p50 {latency['p50']} p95 {latency['p95']} p99 {latency['p99']} p99.9 {latency['p99.9']} ms "
        f"(the generator was late by {figures['lateness_ms']['p99']} ms at p99)"
    )
    for kind, count in sorted(figures["errors"].items()):
        typer.echo(f"error {kind}: {count:,}")
    if figures["late_answers"]:
        typer.echo(f"answers after the deadline: {figures['late_answers']:,}")
    typer.echo(f"{'policy':<18} recall               false positives      pairs right")
    for name, scores in figures["policies"].items():
        told = "  ".join(f"{_share(scores[key]):<19}" for key in ("recall", "fpr", "pair_accuracy"))
        typer.echo(f"{name:<18} {told}")
    _tell_operators(figures["operators"])
    typer.echo(f"false positives on plain talk: {_share(figures['benign']['fpr'])}")
    if "sustainable" in figures:
        level = figures["sustainable"]
        typer.echo(
            f"{level['slo']}: "
            + ("no rate held" if level["rate"] is None else f"{level['rate']:,.1f}/s held")
        )
    if "race" in figures:
        success = "  ".join(f"{one['success']:.2f}" for one in figures["race"]["epochs"])
        typer.echo(f"attackers that evolve, attack success by epoch: {success}")


def _tell_operators(operators: dict[str, Any]) -> None:
    told = {
        name: "  ".join(
            f"{strength}: {_share(one)}"
            for strength, one in scores["attack_success"].items()
            if one["value"] is not None
        )
        for name, scores in operators.items()
    }
    if any(told.values()):
        typer.echo(f"{'disguise':<18} attack success by strength")
    for name in (name for name in told if told[name]):
        typer.echo(f"{name:<18} {told[name]}")
    if missing := [name for name in told if not told[name]]:
        typer.echo(
            "nothing that was found undisguised came again behind "
            f"{', '.join(missing)}: a longer test, or fewer --policy and --operator, would tell"
        )


def _share(score: dict[str, float | None]) -> str:
    value, low, high = score["value"], score["low"], score["high"]
    return "–" if value is None else f"{value:.2f} ({low:.2f}–{high:.2f})"


def _page(figures: dict[str, Any], measured: "Measurements", failures: list[str]) -> Any:
    from streams.loadtest.moderation.report import report

    return report(figures, measured.timeline.seconds(), failures)
