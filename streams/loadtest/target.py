"""The target of a load test, as the command line names it: an HTTP address, or a pair of Kafka topics."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from streams.exits import UsageError
from streams.loadtest.exchange import Transport
from streams.loadtest.http import Http
from streams.loadtest.kafka import KafkaPair
from streams.settings import ClusterSettings

__all__ = ["HttpTarget", "KafkaTarget", "Target", "parse_target"]

_FORMS = "give http://host:port/path, or kafka:REQUESTS,RESPONSES together with --broker host:port"


@dataclass(frozen=True)
class HttpTarget:
    """A service that answers POST requests."""

    url: str
    connections: int = 256

    def transport(self) -> Transport:
        """A way to reach it."""
        return Http(self.url, connections=self.connections)

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True)
class KafkaTarget:
    """A service that answers the records of one topic on another."""

    settings: ClusterSettings
    requests: str
    responses: str

    def transport(self) -> Transport:
        """A way to reach it."""
        return KafkaPair(self.settings, self.requests, self.responses)

    def __str__(self) -> str:
        return f"kafka:{self.requests},{self.responses}"


Target = HttpTarget | KafkaTarget


def parse_target(text: str, *, broker: str | None = None, connections: int = 256) -> Target:
    """The target that a text means; :class:`UsageError` says what is wrong with it.

    >>> parse_target("http://127.0.0.1:8080/recommend").url
    'http://127.0.0.1:8080/recommend'
    """
    if text.startswith("kafka:"):
        return _kafka(text, broker)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"--target {text!r}: {error}; {_FORMS}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise UsageError(f"--target {text!r} is no address; {_FORMS}")
    if broker:
        raise UsageError(f"--broker {broker} has no meaning for the HTTP target {text}; {_FORMS}")
    return HttpTarget(text, connections)


def _kafka(text: str, broker: str | None) -> KafkaTarget:
    topics = text.removeprefix("kafka:").split(",")
    if len(topics) != 2 or not all(topics) or topics[0] == topics[1]:
        raise UsageError(f"--target {text!r} must name two different topics; {_FORMS}")
    if not broker:
        raise UsageError(f"--target {text!r} needs a cluster: give --broker host:port")
    return KafkaTarget(ClusterSettings.from_environment(broker), *topics)
