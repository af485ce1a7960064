"""The test generator as an installed plug-in, for this process and for the worker processes."""

from collections.abc import Iterator

import pytest

from sim.plugin import _classes
from tests.streams.enrich.enricher import PLUGIN


@pytest.fixture
def swatch(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install the test generator: workers find it through its entry point, as they find anybody's."""
    monkeypatch.syspath_prepend(str(PLUGIN))
    _classes.cache_clear()
    yield
    _classes.cache_clear()
