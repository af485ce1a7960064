"""Settings of the connection to a schema registry, from a flag and the environment."""

import os
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from sim.names import UnknownNameError
from streams.exits import UsageError

__all__ = ["Compatibility", "RegistrySettings"]

_PREFIX = "GREENROOM_REGISTRY_"
Compatibility = Literal[
    "NONE", "BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE"
]


class RegistrySettings(BaseModel):
    """Where the registry is and how to log in.

    >>> RegistrySettings(url="http://localhost:8081/").client()["url"]
    'http://localhost:8081'
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    url: str
    """Address of its Confluent-compatible interface."""
    username: str | None = None
    """Name to log in with."""
    password: str | None = Field(default=None, repr=False)
    """Password to log in with."""
    token: str | None = Field(default=None, repr=False)
    """Bearer token, instead of a name and a password."""
    ca_file: str | None = None
    """Certificates to trust, a PEM file."""
    compatibility: Compatibility | None = None
    """Rule that subjects get which are new; by default the registry's own."""

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be an address such as http://localhost:8081")
        if parts.username or parts.password:
            raise ValueError(f"must not hold a password; put it into {_PREFIX}USERNAME and {_PREFIX}PASSWORD")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _one_way_to_log_in(self) -> "RegistrySettings":
        if self.token and (self.username or self.password):
            raise ValueError(f"{_PREFIX}TOKEN and {_PREFIX}USERNAME exclude each other")
        if bool(self.username) != bool(self.password):
            raise ValueError(f"{_PREFIX}USERNAME and {_PREFIX}PASSWORD go together")
        return self

    @classmethod
    def from_environment(cls, url: str, environ: Mapping[str, str] = os.environ) -> "RegistrySettings":
        """Settings for a registry, with what GREENROOM_REGISTRY_* variables say about logging in."""
        given = {k[len(_PREFIX) :].lower(): v for k, v in environ.items() if k.startswith(_PREFIX)}
        try:
            return cls.model_validate({**given, "url": url})
        except ValidationError as error:
            raise UsageError("\n".join(map(_told, error.errors(include_url=False)))) from error

    def client(self) -> dict[str, Any]:
        """Properties for confluent-kafka's client."""
        found: dict[str, Any] = {"url": self.url, "timeout": 10.0, "max.retries": 2}
        if self.username:
            found["basic.auth.user.info"] = f"{self.username}:{self.password}"
        if self.token:
            found |= {
                "bearer.auth.credentials.source": "STATIC_TOKEN",
                "bearer.auth.token": self.token,
                "bearer.auth.logical.cluster": "",
                "bearer.auth.identity.pool.id": "",
            }
        return found | ({"ssl.ca.location": self.ca_file} if self.ca_file else {})


def _told(found: ErrorDetails) -> str:
    message = found["msg"].removeprefix("Value error, ")
    if not found["loc"]:
        return message
    field = str(found["loc"][0])
    if field == "url":
        return f"--registry {found['input']!r} {message}"
    if found["type"] == "extra_forbidden":
        known = [_PREFIX + name.upper() for name in RegistrySettings.model_fields if name != "url"]
        return str(UnknownNameError("variable", _PREFIX + field.upper(), known))
    return f"{_PREFIX}{field.upper()}={found['input']!r}: {message}"
