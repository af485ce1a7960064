"""Every example in a docstring runs, and gives what it says."""

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def modules() -> list[str]:
    """Modules with an example, by a look at their text: importing all would take longer than the examples."""
    found = [path for package in ("sim", "media_gen", "streams") for path in (ROOT / package).rglob("*.py")]
    shown = sorted(path.relative_to(ROOT) for path in found if ">>> " in path.read_text("utf-8"))
    return [".".join(path.with_suffix("").parts) for path in shown]


@pytest.mark.parametrize("name", modules())
def test_examples(name: str) -> None:
    told: list[str] = []
    runner = doctest.DocTestRunner(verbose=False, optionflags=OPTIONS)
    tests = [test for test in doctest.DocTestFinder().find(importlib.import_module(name)) if test.examples]
    assert tests, f"{name} holds '>>> ' outside of a docstring"
    for test in tests:
        runner.run(test, out=told.append)
    assert not told, "".join(told)
