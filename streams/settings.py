"""Settings of the connection to a Kafka cluster, from flags or the environment."""

import os
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from sim.names import UnknownNameError
from streams.exits import UsageError

__all__ = ["ClusterSettings"]


class ClusterSettings(BaseModel):
    """Where the cluster is and how to log in, translated for each Kafka client.

    >>> ClusterSettings(bootstrap="localhost:9092").librdkafka()
    {'bootstrap.servers': 'localhost:9092', 'security.protocol': 'PLAINTEXT'}
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bootstrap: str = Field(
        pattern=r"^[^:,\s]+:\d+(,[^:,\s]+:\d+)*$", description="host:port, separated by commas."
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    sasl_username: str | None = None
    sasl_password: str | None = Field(default=None, repr=False)
    ca_file: str | None = None

    @classmethod
    def from_environment(cls, bootstrap: str, environ: Mapping[str, str] = os.environ) -> "ClusterSettings":
        """Settings for a cluster, with what GREENROOM_KAFKA_* variables say about logging in."""
        prefix = "GREENROOM_KAFKA_"
        given = {k[len(prefix) :].lower(): v for k, v in environ.items() if k.startswith(prefix)}
        try:
            return cls.model_validate({**given, "bootstrap": bootstrap})
        except ValidationError as error:
            raise UsageError(
                "\n".join(_told(prefix, found) for found in error.errors(include_url=False))
            ) from error

    def librdkafka(self) -> dict[str, Any]:
        """Properties for confluent-kafka."""
        properties: dict[str, Any] = {
            "bootstrap.servers": self.bootstrap,
            "security.protocol": self.security_protocol,
            "sasl.mechanism": self.sasl_mechanism,
            "sasl.username": self.sasl_username,
            "sasl.password": self.sasl_password,
            "ssl.ca.location": self.ca_file,
        }
        return {name: value for name, value in properties.items() if value is not None}

    def kafka_python(self) -> dict[str, Any]:
        """Keyword arguments for kafka-python's clients."""
        arguments: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap.split(","),
            "security_protocol": self.security_protocol,
            "sasl_mechanism": self.sasl_mechanism,
            "sasl_plain_username": self.sasl_username,
            "sasl_plain_password": self.sasl_password,
            "ssl_cafile": self.ca_file,
        }
        return {name: value for name, value in arguments.items() if value is not None}


def _told(prefix: str, found: ErrorDetails) -> str:
    field = str(found["loc"][0])
    if field == "bootstrap":
        return f"--broker {found['input']!r} must be host:port, several separated by commas, such as localhost:9092"
    known = [prefix + name.upper() for name in ClusterSettings.model_fields if name != "bootstrap"]
    if found["type"] == "extra_forbidden":
        return str(UnknownNameError("variable", prefix + field.upper(), known))
    return f"{prefix}{field.upper()}={found['input']!r}: {found['msg']}"
