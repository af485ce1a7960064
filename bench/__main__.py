"""``python -m bench``: run the benchmarks, print a table of figures and ratios, and write ``bench/results.json``."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import publishing, responding, simulating
from bench.figure import Figure
from bench.peers import desflow
from streams.settings import ClusterSettings

RESULTS = Path(__file__).with_name("results.json")


def _figures(broker: str | None, only: str | None) -> Iterator[Figure]:
    settings = None if broker is None else ClusterSettings.from_environment(broker)
    if only in (None, "publishing"):
        for figure in publishing.figures(settings):
            yield figure
            if figure.name == "events_per_cpu_second":
                yield from desflow.figures(figure.value)
    if only in (None, "simulating"):
        yield from simulating.figures()
    if only in (None, "responding"):
        yield from responding.figures()


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
    parser.add_argument("--only", choices=["publishing", "simulating", "responding"], help="run one group")
    arguments = parser.parse_args()
    figures = []
    console = Console(width=150)
    for figure in _figures(arguments.broker, arguments.only):
        figures.append(figure)
        console.print(f"{figure.name}: {figure.value:,.2f} {figure.unit}")
    RESULTS.write_text(json.dumps([figure.as_json() for figure in figures], indent=2) + "\n")
    console.print(_table(figures))


if __name__ == "__main__":
    main()
