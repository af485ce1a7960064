import runpy
from pathlib import Path

from streams.watch.page.files import PageFiles

SCRIPT = Path(__file__).parents[4] / "docs" / "vendored.py"


def test_the_chart_library_is_the_one_that_was_checked_with_its_licence_and_version_beside_it() -> None:
    script = runpy.run_path(str(SCRIPT))
    package = script["UPLOT"]
    assert script["differences"](package) == []
    assert (package.folder / "VERSION").read_text() == f"uplot {package.version}, MIT\n"
    assert "MIT License" in (package.folder / "LICENSE").read_text()


def test_the_page_s_files_are_in_the_package() -> None:
    served = PageFiles()._files
    assert {"index.html", "page.css", "main.js", "vendor/uplot/uPlot.iife.min.js"} <= served.keys()
    assert not any(name.endswith((".py", "LICENSE")) for name in served)
