"""A real registry for the tests of this folder, started once."""

from collections.abc import Iterator

import pytest

from streams.cluster.apicurio import Apicurio
from streams.cluster.distribution import APICURIO, missing_tools


@pytest.fixture(scope="session")
def registry_url() -> Iterator[str]:
    """Apicurio Registry in Confluent's mode, by Maven and Java."""
    if missing := missing_tools(APICURIO):
        pytest.skip(f"a real registry needs {', '.join(missing)}")
    with Apicurio() as registry:
        yield registry.url
