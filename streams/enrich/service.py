"""The service: one session with the cluster after the other, for as long as brokers come back in time."""

import asyncio
import logging
import time

from streams.cluster.administration import Administration
from streams.cluster.availability import wait_for_broker
from streams.enrich.darkroom import Darkroom
from streams.enrich.session import BrokenOffError, Session
from streams.enrich.settings import EnricherSettings
from streams.exits import BrokerUnavailableError, UsageError
from streams.topics import qualified

__all__ = ["Service"]

_PAUSE_S = 0.2

log = logging.getLogger(__name__)


class Service:
    """Sessions one after the other, until told to stop, or until the cluster is gone for too long."""

    def __init__(self, settings: EnricherSettings, darkroom: Darkroom) -> None:
        self.settings, self.darkroom = settings, darkroom
        self.session: Session | None = None

    def ready(self) -> bool:
        """Whether records are being taken."""
        return self.session is not None and self.session.in_group

    async def run(self, stop: asyncio.Event) -> None:
        """Hold sessions until ``stop`` is set."""
        well_at = time.monotonic()
        while partitions := await self._topics(stop):
            self.session = Session(self.settings, self.darkroom, partitions)
            try:
                await self.session.run(stop)
                return
            except BrokenOffError as error:
                if self.session.has_joined:
                    well_at = time.monotonic()
                self._judge(error, time.monotonic() - well_at)
                await asyncio.sleep(_PAUSE_S)

    def _judge(self, error: BrokenOffError, seconds: float) -> None:
        if seconds > self.settings.broker_timeout_s:
            group = f"group {self.settings.group} at {self.settings.cluster.bootstrap}"
            raise BrokerUnavailableError(f"could not stay in {group} for {seconds:.0f} s: {error}") from error
        log.warning("lost the cluster, joining again: %s", error)

    async def _topics(self, stop: asyncio.Event) -> dict[str, int]:
        """How many partitions each topic has, once the cluster has them all; nothing if stopped before."""
        deadline = time.monotonic() + self.settings.broker_timeout_s
        while not stop.is_set():
            left = max(1.0, deadline - time.monotonic())
            try:
                found = await asyncio.to_thread(_partitions, self.settings, left, stop)
            except BrokerUnavailableError:
                if stop.is_set():
                    break
                raise
            absent = [qualified(self.settings.run, name) for name, count in found.items() if not count]
            if not absent:
                return found
            if time.monotonic() > deadline:
                raise UsageError(_absent(absent, self.settings))
            await asyncio.sleep(_PAUSE_S)
        return {}


def _partitions(settings: EnricherSettings, timeout_s: float, stop: asyncio.Event) -> dict[str, int]:
    wait_for_broker(settings.cluster, timeout_s, alive=lambda: not stop.is_set())
    names = [*settings.topics, *settings.written]
    with Administration(settings.cluster, timeout_s=timeout_s) as administration:
        states = administration.describe_topics([qualified(settings.run, name) for name in names])
    return {name: state.partitions for name, state in zip(names, states, strict=True)}


def _absent(topics: list[str], settings: EnricherSettings) -> str:
    return (
        f"the cluster at {settings.cluster.bootstrap} has no topic {', '.join(topics)}; "
        f"create a run's topics with `greenroom topics`, or name the run with --run (now {settings.run!r})"
    )
