"""``greenroom evaluate``: what the recommenders of a log earned, and what another one would have."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["evaluate"]

Log = Annotated[Path, typer.Argument(help="Folder that a run wrote: --sink parquet:DIR or jsonl:DIR.")]
Name = Annotated[
    str | None,
    typer.Option("--scenario", help="The scenario of that run, for --recommender: a name or a YAML file."),
]
Changes = Annotated[list[str], typer.Option("--set", help="Values that the run replaced, path=value.")]
Judged = Annotated[
    str | None,
    typer.Option(
        "--recommender",
        help="Who else is judged: a kind, or YAML such as '{kind: item_knn, explore: 0.2}'; by default nobody, and "
        "the policies of the log are compared.",
    ),
]
Control = Annotated[
    str | None,
    typer.Option(help="Policy of the log with which the others are compared; default: the first by name."),
]
Rate = Annotated[float | None, typer.Option(help="The --rate of the run, if it had one.")]
Viewers = Annotated[int | None, typer.Option(help="The --viewers of the run, if it had one.")]
Seed = Annotated[int | None, typer.Option(help="The --seed of the run, if it had one.")]
Measure = Annotated[str, typer.Option("--reward", help="What a slate earns: picks or watch_seconds.")]
Confidence = Annotated[float, typer.Option(min=0.5, max=0.999, help="Confidence of the intervals.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def evaluate(
    log: Log,
    scenario: Name = None,
    recommender: Judged = None,
    control: Control = None,
    changes: Changes = [],  # noqa: B006
    rate: Rate = None,
    viewers: Viewers = None,
    seed: Seed = None,
    reward: Measure = "picks",
    confidence: Confidence = 0.95,
    as_json: AsJson = False,
) -> None:
    """Tell what the policies of a run's log earned, or estimate what another recommender would have earned.

    Of an A/B test it gives the lift of each arm with intervals over viewers, of interleaving the share of viewers who
    prefer one of the two.

    Example: greenroom evaluate out

    With --recommender nobody is simulated: the log's own impressions are weighed by how much more probable that
    recommender makes them. Ranks are judged one at a time, which promises too much where viewers pick one item of a
    slate: compare recommenders by it, and confirm by an A/B test.

    Example: greenroom evaluate out --scenario video_service --recommender thompson
    """
    from streams.evaluate.contrast import contrast
    from streams.evaluate.readout import readout
    from streams.evaluate.written import written_contrast, written_estimates
    from streams.exits import UsageError
    from streams.scenario_flags import opened

    if reward not in ("picks", "watch_seconds"):
        raise UsageError(f"--reward {reward!r} must be picks or watch_seconds")
    if recommender is None:
        _refuse_useless(scenario, [*changes, *(flag for flag in (rate, viewers, seed) if flag is not None)])
        told = contrast(log, control=control, confidence=confidence)
        typer.echo(json.dumps(told) if as_json else written_contrast(told))
        return
    if scenario is None:
        raise UsageError(
            "--recommender needs --scenario, and what was --set in the run, to know the catalogue"
        )
    if control is not None:
        raise UsageError("--control compares the policies of the log; leave --recommender away for that")
    ran = opened(scenario, seed=seed, viewers=viewers, changes=changes)
    told = readout(log, ran, _parsed(recommender), rate=rate, reward=reward, confidence=confidence)  # type: ignore[arg-type]
    typer.echo(json.dumps(told) if as_json else written_estimates(told))


def _refuse_useless(scenario: str | None, others: list[Any]) -> None:
    from streams.exits import UsageError

    if scenario is not None or others:
        raise UsageError(
            "--scenario and what replaces its values serve to judge another recommender: add --recommender, or leave "
            "them away to compare the policies of the log"
        )


def _parsed(text: str) -> Any:
    from pydantic import ValidationError
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    from sim.recommenders.recommender import RECOMMENDERS
    from streams.exits import UsageError

    try:
        given = YAML(typ="safe", pure=True).load(text)
        return RECOMMENDERS.parse({"kind": given} if isinstance(given, str) else given)
    except ValidationError as error:
        wrong = "; ".join(_wrong(given["kind"], found) for found in error.errors(include_url=False))
        raise UsageError(f"--recommender {text!r}: {wrong}") from error
    except MarkedYAMLError as error:
        raise UsageError(f"--recommender {text!r} is not YAML: {error.problem}") from error
    except (YAMLError, ValueError) as error:
        raise UsageError(f"--recommender {text!r}: {error}") from error


def _wrong(kind: str, error: Any) -> str:
    from sim.scenario_rules import broken_rule

    # As it would stand in a scenario: the rules know the keys from there.
    return broken_rule({"recommender": {"kind": kind}}, ("recommender", *error["loc"]), error)
