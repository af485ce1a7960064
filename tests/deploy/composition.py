"""The compose file as Compose itself reads it."""

import json
from typing import Any

from tests.deploy.layout import COMPOSE
from tests.deploy.tools import installed, judged

Services = dict[str, dict[str, Any]]


def composed(**variables: str) -> dict[str, Any]:
    """The model of the file, every profile on, with these variables set."""
    command = [
        installed("docker-compose"),
        "-f",
        str(COMPOSE),
        "--profile",
        "*",
        "config",
        "--format",
        "json",
    ]
    model: dict[str, Any] = json.loads(judged(*command, **variables))
    return model


def ours(services: Services) -> Services:
    """The services that run Greenroom."""
    return {name: service for name, service in services.items() if "build" in service}


def bind_mounts(services: Services) -> list[tuple[str, str]]:
    """Service and path on the host of everything that is mounted from there."""
    return [
        (name, volume["source"])
        for name, service in services.items()
        for volume in service.get("volumes", [])
        if volume["type"] == "bind"
    ]
