"""What the tests of the deployment share."""

from typing import Any

import pytest

from tests.deploy.composition import Services, composed


@pytest.fixture(scope="session")
def model() -> dict[str, Any]:
    """The compose file, resolved with nothing set."""
    return composed()


@pytest.fixture
def services(model: dict[str, Any]) -> Services:
    found: Services = model["services"]
    return found
