"""``python -m bench``: run the benchmarks, print a table of figures and ratios, and write ``bench/results.json``."""

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import auditing, drift, formats, loadtest, moderation, publishing, responding, simulating, sinks
from bench.figure import Figure
from bench.peers import desflow
from streams.settings import ClusterSettings

RESULTS = Path(__file__).with_name("results.json")


def _publishing(broker: str | None) -> Iterator[Figure]:
    settings = None if broker is None else ClusterSettings.from_environment(broker)
    for figure in publishing.figures(settings):
        yield figure
        if figure.name == "events_per_cpu_second":
            yield from desflow.figures(figure.value)


GROUPS: dict[str, Callable[[str | None], Iterator[Figure]]] = {
    "publishing": _publishing,
    "simulating": lambda broker: simulating.figures(),
    "formats": lambda broker: formats.figures(),
    "auditing": lambda broker: auditing.figures(),
    "sinks": lambda broker: sinks.figures(),
    "responding": lambda broker: responding.figures(),
    "moderation": lambda broker: moderation.figures(),
    "loadtest": lambda broker: loadtest.figures(),
    "drift": lambda broker: drift.figures(),
}


def _table(figures: list[Figure]) -> Table:
    table = Table(
        "benchmark",
        "value",
        "unit",
        "ratio",
        "to",
        "promised",
        title=figures[0].machine,
        title_justify="left",
    )
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        table.add_row(
            figure.name, f"{figure.value:,.2f}", figure.unit, ratio, figure.ratio_to or "", figure.bound
        )
    return table


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--broker", help="measure publishing on this cluster, host:port, instead of the embedded broker"
    )
    parser.add_argument("--only", choices=[*GROUPS], help="run one group; the others keep their figures")
    arguments = parser.parse_args()
    figures: list[Figure] = []
    console = Console(width=150)
    for group in [arguments.only] if arguments.only else GROUPS:
        for figure in GROUPS[group](arguments.broker):
            figures.append(figure)
            console.print(f"{figure.name}: {figure.value:,.2f} {figure.unit}")
    _keep(figures, whole=arguments.only is None)
    console.print(_table(figures))


def _keep(figures: list[Figure], *, whole: bool) -> None:
    fresh = {figure.name: figure.as_json() for figure in figures}
    kept = {} if whole else {row["name"]: row for row in json.loads(RESULTS.read_text())}
    RESULTS.write_text(json.dumps([*(kept | fresh).values()], indent=2) + "\n")


if __name__ == "__main__":
    main()
