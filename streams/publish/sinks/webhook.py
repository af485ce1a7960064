"""Webhook: records posted over HTTP in batches, signed, and again until they are taken."""

import asyncio
import base64
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Literal
from urllib.parse import urlsplit

import aiohttp
import orjson
from pydantic import Field, field_validator

from sim.seeds import rng_for
from streams.exits import UsageError
from streams.publish.records import Records
from streams.publish.sinks.courier import Courier, UndeliverableError
from streams.publish.sinks.parcels import Form, Letter, Parcel, letters_of
from streams.publish.sinks.plan import RunFacts, SinkPlan
from streams.publish.sinks.signature import Signer
from streams.publish.sinks.sink import SinkUnavailableError

__all__ = ["Webhook", "WebhookPlan"]

_SECRET = "GREENROOM_WEBHOOK_SECRET"
_MOST_BYTES = 1_000_000


class WebhookPlan(SinkPlan):
    """Webhook: records posted to a URL in batches, signed by Standard Webhooks where a secret is set."""

    kind: Literal["webhook"] = "webhook"
    place: ClassVar[str] = "url"
    timed: ClassVar[bool] = True
    url: str
    """Where to post; redirections are not followed."""
    form: Form = "lines"
    """JSON lines, a CloudEvents batch, or each record raw in a request of its own."""
    records: int = Field(500, ge=1, le=100_000)
    """Records in a batch, at most."""
    wait_s: float = Field(1.0, gt=0, le=600)
    """Wall seconds after which a batch leaves though it is not full."""
    timeout_s: float = Field(10.0, gt=0)
    """Longest time for one request."""
    patience_s: float = Field(60.0, gt=0)
    """Longest time for one batch, repeats and all."""
    secret_env: str = Field("", pattern=r"^[A-Z_][A-Z0-9_]*$|^$")
    """Environment variable with the secret; GREENROOM_WEBHOOK_SECRET by default."""
    dead_letters: Path | None = None
    """File for what cannot be delivered, as JSON lines; without one, it ends the run."""

    @field_validator("url")
    @classmethod
    def _http(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be a URL such as http://127.0.0.1:9000/hook")
        if parts.username or parts.password:
            raise ValueError(
                "must not hold a password; requests are signed, with a secret from the environment"
            )
        return url

    def open(self, facts: RunFacts) -> "Webhook":
        """The sink; it connects when the first records come."""
        return Webhook(self, facts, self._signer())

    def _signer(self) -> Signer | None:
        secret = os.environ.get(self.secret_env or _SECRET)
        if secret is None and self.secret_env:
            raise UsageError(
                f"the environment variable {self.secret_env} is not set; it must hold the secret"
            )
        return None if secret is None else Signer.of(secret, variable=self.secret_env or _SECRET)


class Webhook:
    """Posts batches in order, one at a time, on an event loop of its own thread."""

    def __init__(self, plan: WebhookPlan, facts: RunFacts, signer: Signer | None) -> None:
        if plan.form == "lines" and facts.codec.content_type != "application/json":
            raise UsageError(
                f"form=lines is for JSON, and records are {facts.codec.content_type}; give form=cloudevents or form=raw"
            )
        self.plan, self._facts, self._signer = plan, facts, signer
        self._most = 1 if plan.form == "raw" else plan.records
        self._gathered: list[Letter] = []
        self._size = 0
        self._since = 0.0
        self._runner: asyncio.Runner | None = None
        self._courier: Courier | None = None
        self._letters: BinaryIO | None = None
        self.dead_letters = 0

    def send(self, records: Records) -> None:
        """Gather the records of one chunk, and post the batches that are full."""
        for letter in letters_of(records):
            if self._gathered and self._size + len(letter.value) > _MOST_BYTES:
                self._post()
            self._since = self._since if self._gathered else time.monotonic()
            self._gathered.append(letter)
            self._size += len(letter.value)
            if len(self._gathered) >= self._most:
                self._post()
        self._post_if_old()

    def idle(self, seconds: float) -> None:
        """Post what has waited long enough, and wait."""
        self._post_if_old()
        time.sleep(seconds)

    def progress(self, record: dict[str, Any]) -> None:
        """A receiver acknowledges what it takes, and needs no proof of delivery."""

    def complete(self) -> None:
        """Post what has gathered."""
        if self._gathered:
            self._post()

    def finish(self) -> None:
        """Post what is left, and close the connection."""
        try:
            self.complete()
        finally:
            self._close()

    def figures(self) -> dict[str, int]:
        """Requests, repeats among them, bytes that were taken, and records that were not."""
        courier = self._courier
        counted = {name: getattr(courier, name, 0) for name in ("bytes", "requests", "repeats")}
        return {**counted, "dead_letters": self.dead_letters}

    def _post_if_old(self) -> None:
        if self._gathered and time.monotonic() - self._since >= self.plan.wait_s:
            self._post()

    def _post(self) -> None:
        parcel = Parcel(
            tuple(self._gathered), self.plan.form, self._facts.source, self._facts.codec.content_type
        )
        self._gathered, self._size = [], 0
        try:
            self._run(parcel)
        except UndeliverableError as error:
            if self.plan.dead_letters is None:
                self._close()
                raise SinkUnavailableError(
                    f"{error}; {len(parcel.letters)} records were not delivered. Give it longer with patience_s=, or "
                    "a file for what cannot be delivered with dead_letters="
                ) from error
            self._keep(self.plan.dead_letters, parcel.letters, str(error))

    def _run(self, parcel: Parcel) -> None:
        if self._runner is None:
            self._runner = asyncio.Runner()
        self._runner.run(self._deliver(parcel))

    async def _deliver(self, parcel: Parcel) -> None:
        if self._courier is None:
            timeout = aiohttp.ClientTimeout(total=self.plan.timeout_s)
            session = aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": "greenroom"})
            rng = rng_for(self._facts.seed, "webhook", self.plan.url, *self._facts.shard)
            self._courier = Courier(self.plan.url, session, self._signer, rng, self.plan.patience_s)
        await self._courier.deliver(parcel)

    def _keep(self, file: Path, letters: Iterable[Letter], reason: str) -> None:
        try:
            if self._letters is None:
                file.parent.mkdir(parents=True, exist_ok=True)
                self._letters = file.open("ab")
            for letter in letters:
                self._letters.write(orjson.dumps(_told(letter, reason), option=orjson.OPT_APPEND_NEWLINE))
                self.dead_letters += 1
            self._letters.flush()
        except OSError as error:
            raise SinkUnavailableError(f"dead_letters={file} cannot be written: {error.strerror}") from error

    def _close(self) -> None:
        if self._runner and self._courier:
            self._runner.run(self._courier.session.close())
        if self._runner:
            self._runner.close()
            self._runner = None
        if self._letters:
            self._letters.close()


def _told(letter: Letter, reason: str) -> dict[str, Any]:
    return {
        "reason": reason,
        "topic": letter.topic,
        "kind": letter.kind,
        "at": letter.at,
        "key": letter.key.decode(errors="replace"),
        "original": base64.b64encode(letter.value).decode(),
    }
