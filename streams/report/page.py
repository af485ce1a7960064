"""A report's page: headline figures, sections of text, charts and tables, in one file that needs nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

__all__ = ["Card", "Chart", "Report", "Section", "Table", "render", "write"]

Mood = Literal["good", "bad", "plain"]


@dataclass(frozen=True)
class Card:
    """One headline figure: what it is, its value as it shall be read, and a word on what it means."""

    name: str
    value: str
    note: str = ""
    mood: Mood = "plain"


@dataclass(frozen=True)
class Chart:
    """A drawing (from :mod:`streams.report.charts`) with a caption that says what is to be seen in it."""

    svg: str
    caption: str = ""

    @property
    def drawing(self) -> Markup:
        """The drawing for the template; it is made by us alone, so that it need not be escaped."""
        return Markup(self.svg)


@dataclass(frozen=True)
class Table:
    """Rows under a header; columns after the first hold figures and are set to the right."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""


@dataclass(frozen=True)
class Section:
    """A heading, a paragraph that tells what is below, and charts and tables in their order."""

    title: str
    text: str = ""
    content: Sequence[Chart | Table] = ()


@dataclass(frozen=True)
class Report:
    """A title, what was done in one line, the verdict, headline figures and sections.

    >>> page = render(Report("A test", "2,000 requests", cards=[Card("p99", "12 ms", mood="good")]))
    >>> "12 ms" in page and "http" not in page.split("<svg")[0].replace("http://www.w3.org", "")
    True
    """

    title: str
    subtitle: str = ""
    verdict: str = ""
    mood: Mood = "plain"
    cards: Sequence[Card] = ()
    sections: Sequence[Section] = field(default_factory=tuple)


def render(report: Report) -> str:
    """The page as HTML."""
    environment = Environment(
        loader=PackageLoader("streams.report", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.tests["chart"] = lambda part: isinstance(part, Chart)
    return environment.get_template("report.html").render(report=report)


def write(file: Path, report: Report) -> None:
    """Write the page; its folder is made if it is not there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(render(report), "utf-8")
