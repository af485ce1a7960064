"""Charts as SVG to stand in a page: their colours are the page's own, so that they fit light and dark screens."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

__all__ = ["bars", "canvas", "drawn", "lines", "shares", "tinted"]

# Colours that no drawing has by chance stand for the page's variables until the drawing is done.
_INK, _QUIET, _LINE = "#010203", "#010204", "#010205"
_TINTS = ("#010211", "#010212", "#010213", "#010214", "#010215", "#010216")
_VARIABLES = {_INK: "--ink", _QUIET: "--quiet", _LINE: "--line"} | {
    tint: f"--c{number}" for number, tint in enumerate(_TINTS, 1)
}
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "greenroom",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _QUIET,
    "axes.edgecolor": _LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": _LINE,
    "grid.linewidth": 0.6,
    "xtick.color": _QUIET,
    "ytick.color": _QUIET,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}
_WIDTH = 9.0


def tinted(number: int) -> str:
    """The page's colour of a series, from 0; six of them, then again from the first."""
    return _TINTS[number % len(_TINTS)]


@contextmanager
def canvas(*, height: float = 2.9, columns: int = 1) -> Iterator[tuple[Figure, list[Axes]]]:
    """A figure of the page's width and its axes side by side, for drawings that the functions below do not make."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        yield figure, [figure.add_subplot(1, columns, place + 1) for place in range(columns)]


def drawn(figure: Figure) -> str:
    """The figure as an SVG element whose colours are the page's variables; call it within :func:`canvas`."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    # A width of its own would keep the drawing from following the page's.
    svg = re.sub(
        r'(<svg[^>]*?) width="[^"]*"',
        r"\1",
        re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1),
        count=1,
    )
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    return re.sub("|".join(_VARIABLES), lambda found: f"var({_VARIABLES[found[0]]})", svg)


def lines(
    series: Mapping[str, tuple[Sequence[float], Sequence[float | None]]],
    *,
    x: str,
    y: str,
    log: bool = False,
    limit: float | None = None,
    shade: tuple[str, str] | None = None,
) -> str:
    """Named lines over a common axis; gaps where a value is None.

    ``log`` scales the y axis by powers; ``limit`` draws a dashed line at a bound that should hold; ``shade`` names two
    of the series between which the area is tinted.
    """
    with canvas() as (figure, (axes,)):
        for number, (name, (places, values)) in enumerate(series.items()):
            # Colours come round after six series: those of the second round are dashed.
            style = "-" if number < len(_TINTS) else "--"
            axes.plot(places, _gaps(values), style, color=tinted(number), label=name, linewidth=1.6)
        if shade:
            (places, low), (_, high) = series[shade[0]], series[shade[1]]
            axes.fill_between(places, _gaps(low), _gaps(high), color=tinted(0), alpha=0.12, linewidth=0)
        if limit is not None:
            axes.axhline(limit, color=_QUIET, linestyle=(0, (5, 4)), linewidth=1)
        if log:
            axes.set_yscale("log")
        else:
            axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        axes.yaxis.set_major_formatter(FuncFormatter(_number))
        _labelled(axes, x, y, legend=len(series) > 1)
        return drawn(figure)


def bars(values: Mapping[str, float], *, y: str, percent: bool = False) -> str:
    """One bar for each name."""
    with canvas() as (figure, (axes,)):
        axes.bar(list(values), list(values.values()), color=tinted(0), width=0.65)
        axes.yaxis.set_major_formatter(FuncFormatter(_percent if percent else _number))
        axes.grid(visible=False, axis="x")
        _labelled(axes, "", y, legend=False)
        return drawn(figure)


def shares(
    panels: Mapping[str, Mapping[str, tuple[float, float, float]]], *, x: str, percent: bool = True
) -> str:
    """Panels side by side, each with a dot and an interval (value, low, high) for every name."""
    longest = max(map(len, panels.values()))
    with canvas(height=0.9 + 0.3 * longest, columns=len(panels)) as (figure, places):
        for axes, (title, rows) in zip(places, panels.items(), strict=True):
            for place, (value, low, high) in enumerate(rows.values()):
                axes.plot([low, high], [place, place], color=tinted(0), linewidth=2, alpha=0.45)
                axes.plot([value], [place], "o", color=tinted(0), markersize=5)
            axes.set_yticks(range(len(rows)), list(rows))
            axes.set_ylim(longest - 0.4, -0.6)
            axes.xaxis.set_major_formatter(FuncFormatter(_percent if percent else _number))
            axes.set_title(title, loc="left", fontsize=10, color=_INK)
            _labelled(axes, x, "", legend=False)
        return drawn(figure)


def _gaps(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def _labelled(axes: Axes, x: str, y: str, *, legend: bool) -> None:
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.tick_params(length=0)
    if legend:
        many = len(axes.get_lines()) > len(_TINTS)
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1.03),
            ncols=4 if many else 6,
            borderaxespad=0,
            handlelength=1.4,
        )


def _number(value: float, place: Any) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:g}"


def _percent(value: float, place: Any) -> str:
    return f"{value * 100:.3g} %"
