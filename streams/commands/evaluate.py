"""``greenroom evaluate``: what another recommender would have earned, from the log of a run."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["evaluate"]

Log = Annotated[Path, typer.Argument(help="Folder that a run wrote: --sink parquet:DIR or jsonl:DIR.")]
Name = Annotated[str, typer.Option("--scenario", help="The scenario of that run: a name or a YAML file.")]
Changes = Annotated[list[str], typer.Option("--set", help="Values that the run replaced, path=value.")]
Judged = Annotated[
    str,
    typer.Option(
        "--recommender", help="Who is judged: a kind, or YAML such as '{kind: item_knn, explore: 0.2}'."
    ),
]
Rate = Annotated[float | None, typer.Option(help="The --rate of the run, if it had one.")]
Viewers = Annotated[int | None, typer.Option(help="The --viewers of the run, if it had one.")]
Seed = Annotated[int | None, typer.Option(help="The --seed of the run, if it had one.")]
Measure = Annotated[str, typer.Option("--reward", help="What a slate earns: picks or watch_seconds.")]
Confidence = Annotated[float, typer.Option(min=0.5, max=0.999, help="Confidence of the intervals.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def evaluate(
    log: Log,
    scenario: Name,
    recommender: Judged,
    changes: Changes = [],  # noqa: B006
    rate: Rate = None,
    viewers: Viewers = None,
    seed: Seed = None,
    reward: Measure = "picks",
    confidence: Confidence = 0.95,
    as_json: AsJson = False,
) -> None:
    """Estimate what a recommender would have earned a slate, from the log of a run that another one served.

    Nobody is simulated: the log's own impressions are weighed by how much more probable the recommender makes them.
    Ranks are judged one at a time, which promises too much where viewers pick one item of a slate: compare
    recommenders by it, and confirm by an A/B test.

    Example: greenroom evaluate out --scenario video_service --recommender thompson
    """
    from streams.evaluate.readout import readout
    from streams.exits import UsageError
    from streams.scenario_flags import opened

    if reward not in ("picks", "watch_seconds"):
        raise UsageError(f"--reward {reward!r} must be picks or watch_seconds")
    ran = opened(scenario, seed=seed, viewers=viewers, changes=changes)
    told = readout(log, ran, _parsed(recommender), rate=rate, reward=reward, confidence=confidence)  # type: ignore[arg-type]
    typer.echo(json.dumps(told) if as_json else _written(told))


def _parsed(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    from sim.recommenders.recommender import RECOMMENDERS
    from streams.exits import UsageError

    try:
        given = YAML(typ="safe", pure=True).load(text)
        return RECOMMENDERS.parse({"kind": given} if isinstance(given, str) else given)
    except (YAMLError, ValueError) as error:
        raise UsageError(f"--recommender {text!r}: {error}") from error


def _written(told: dict[str, Any]) -> str:
    rows = {"as logged": told["logged"], **told["estimates"]}
    return "\n".join(
        [
            f"{told['slates']:,} slates of {told['viewers']:,} viewers, served by {told['served_by']}; "
            f"{told['reward']} a slate under {told['judged']}:",
            *(
                f"  {name:16}{row['value']:10.4f}  [{row['low']:.4f}, {row['high']:.4f}]"
                for name, row in rows.items()
            ),
            f"mean weight {told['mean_weight']:.3f} (1 if the log shows all that {told['judged']} would), "
            f"effective slates {told['effective_slates']:,.0f}",
        ]
    )
