"""Report pages: whole HTML with drawings in the page's own colours, and nothing from elsewhere."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from streams.report import charts
from streams.report.page import Card, Chart, Report, Section, Table, render, write

VOID = {"meta", "link", "br", "hr", "img", "input", "path", "use", "rect", "line", "circle"}


class Tags(HTMLParser):
    """Checks that what is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


DRAWINGS = {
    "lines": lambda: charts.lines({"a": ([0, 1, 2], [1.0, None, 3.0]), "b": ([0, 1], [2, 2])}, x="s", y="ms"),
    "log": lambda: charts.lines({"a": ([0, 1], [1.0, 900.0])}, x="s", y="ms", log=True, limit=100),
    "band": lambda: charts.lines({"l": ([0, 1], [1, 2]), "h": ([0, 1], [3, 4])}, x="", y="", shade=("l", "h")),
    "bars": lambda: charts.bars({"one": 0.5, "two": 0.25}, y="share", percent=True),
    "shares": lambda: charts.shares({"Region": {"north": (0.2, 0.1, 0.3)}, "Age": {"x": (0.5, 0.4, 0.6)}}, x="ctr"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DRAWINGS)
def test_drawings_use_the_pages_colours_alone_and_are_the_same_each_time(kind: str) -> None:
    svg = DRAWINGS[kind]()
    assert svg == DRAWINGS[kind]()
    assert "var(--c1)" in svg
    assert "var(--ink)" in svg or "var(--quiet)" in svg
    assert not re.findall(r"#0102[01]\w", svg)
    assert "black" not in svg
    assert not re.search(r"<svg[^>]* (width|height)=", svg)
    assert "viewBox" in svg
    assert "<text" in svg


def page() -> str:
    content = [
        Chart(DRAWINGS["lines"](), "What <is> seen"),
        Table(["Name", "N"], [["<b>x</b>", "1"]], "Rows"),
    ]
    return render(
        Report(
            "A & B",
            "sub",
            "It <holds>",
            "good",
            [Card("p99", "12 ms", "note", "bad")],
            [Section("S", "T", content)],
        )
    )


def test_a_page_is_whole_and_needs_nothing_else() -> None:
    html = page()
    tags = Tags()
    tags.feed(html)
    assert not tags.open
    for told in ("A & B", "It <holds>", "12 ms", "What <is> seen", "<b>x</b>", "Rows"):
        assert told in tags.text
    assert not re.search(r'(src|href)="(?!#)', html)
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)
    assert "prefers-color-scheme: dark" in html
    assert html.count("<svg") == 1


def test_writing_makes_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "new" / "report.html"
    write(file, Report("Title"))
    assert "<h1>Title</h1>" in file.read_text()
