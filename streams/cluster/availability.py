"""Whether a cluster answers: which brokers are up, and waiting for them."""

import socket
import time
from collections.abc import Callable

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from streams.exits import BrokerUnavailableError
from streams.settings import ClusterSettings

__all__ = ["REMEDIES", "live_brokers", "unavailable", "wait_for_broker"]

REMEDIES = (
    "Start a real broker with `make kafka` (Java and Maven), or with `docker compose` in deploy/compose, "
    "and name it, or any cluster, with --broker host:port."
)
_KNOCK_EVERY_S = 0.05


def live_brokers(settings: ClusterSettings, *, timeout_s: float) -> list[int]:
    """Ids of the brokers that are up; raises :class:`BrokerUnavailableError` if none answers in time."""
    said: list[str] = []

    def note(error: KafkaError) -> None:
        said.append(error.str())

    client = AdminClient({**settings.librdkafka(), "error_cb": note, "log_level": 0})
    try:
        return sorted(client.list_topics(timeout=timeout_s).brokers)
    except KafkaException as error:
        client.poll(0)
        raise unavailable(settings, timeout_s, said[0] if said else error.args[0].str()) from error


def wait_for_broker(
    settings: ClusterSettings,
    timeout_s: float = 10.0,
    *,
    brokers: int = 1,
    alive: Callable[[], bool] = lambda: True,
) -> None:
    """Wait until so many brokers answer, or raise :class:`BrokerUnavailableError` (exit 69).

    ``alive`` ends the wait early: whoever started the broker knows when there is none to wait for.
    """
    started = time.monotonic()
    cause = ""
    while alive() and (left := started + timeout_s - time.monotonic()) > 0:
        try:
            _knock(settings, timeout_s=min(1.0, left))
            up = live_brokers(settings, timeout_s=min(2.0, left))
            if len(up) >= brokers:
                return
            cause = f"{len(up)} of {brokers} brokers are up"
        except (OSError, BrokerUnavailableError) as error:
            cause = str(error.args[-1])
        time.sleep(_KNOCK_EVERY_S)
    raise unavailable(settings, time.monotonic() - started, cause)


def unavailable(settings: ClusterSettings, seconds: float, cause: str) -> BrokerUnavailableError:
    """The error that says where no broker was found, for how long, why, and what to do."""
    why = f" ({cause})" if cause else ""
    return BrokerUnavailableError(
        f"no Kafka broker answers at {settings.bootstrap} after {seconds:.0f} s{why}.\n{REMEDIES}"
    )


def _knock(settings: ClusterSettings, *, timeout_s: float) -> None:
    """Connect to the first address that accepts, before a client with long back-offs is set to it."""
    refused = OSError("no address")
    for address in settings.bootstrap.split(","):
        host, port = address.rsplit(":", 1)
        try:
            socket.create_connection((host, int(port)), timeout=timeout_s).close()
        except OSError as error:
            refused = error
        else:
            return
    raise refused
