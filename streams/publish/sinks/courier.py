"""The courier: requests to one URL, again and again until the receiver has them."""

import asyncio
import email.utils
import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
import numpy as np

from streams.publish.sinks.parcels import Parcel
from streams.publish.sinks.signature import Signer

__all__ = ["Courier", "UndeliverableError"]

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 507})
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
_TOLD = 300


class UndeliverableError(Exception):
    """The receiver refuses a parcel, or has not taken it for as long as we are willing to wait."""


@dataclass
class Courier:
    """Delivers parcels one after the other.

    What may pass (no connection, no answer in time, 408, 425, 429, 5xx) is tried again after a pause that doubles
    from half a second to half a minute, of which a random half to whole is waited, or after what ``Retry-After`` says
    if that is longer, until ``patience_s`` has gone by. Any other answer is final. Redirections are not followed and no
    proxy is asked: records go to the host that the user named, and nowhere else.
    """

    url: str
    session: aiohttp.ClientSession
    signer: Signer | None
    rng: np.random.Generator
    patience_s: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = asyncio.sleep
    requests: int = field(default=0, init=False)
    repeats: int = field(default=0, init=False)
    bytes: int = field(default=0, init=False)
    _out_of_patience: bool = field(default=False, init=False)

    async def deliver(self, parcel: Parcel) -> None:
        """Return once the receiver has it; :class:`UndeliverableError` if it will not."""
        began, attempt = self.clock(), 0
        while True:
            problem, asked = await self._try(parcel)
            if problem is None:
                self._out_of_patience = False
                return
            pause = max(asked, self._pause(attempt))
            # A receiver that was waited for in vain is not waited for again until it takes something.
            if self._out_of_patience or self.clock() - began + pause > self.patience_s:
                self._out_of_patience = True
                raise UndeliverableError(
                    f"{self.url} has not taken {parcel.id} for {self.clock() - began:.0f} s "
                    f"and {attempt + 1} attempts: {problem}"
                )
            await self.sleep(pause)  # type: ignore[misc]
            attempt += 1
            self.repeats += 1

    def _pause(self, attempt: int) -> float:
        longest = min(_FIRST_PAUSE_S * 2**attempt, _LONGEST_PAUSE_S)
        return float(longest * self.rng.uniform(0.5, 1.0))

    async def _try(self, parcel: Parcel) -> tuple[str | None, float]:
        """What stood in the way, if anything, and how many seconds the receiver asks for."""
        self.requests += 1
        try:
            # As a file: aiohttp warns of large bodies that are bytes.
            posted = self.session.post(
                self.url, data=io.BytesIO(parcel.body), headers=self._headers(parcel), allow_redirects=False
            )
            async with posted as answer:
                return await self._judged(answer, parcel)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return f"{type(error).__name__}: {error}".removesuffix(": "), 0.0

    async def _judged(self, answer: aiohttp.ClientResponse, parcel: Parcel) -> tuple[str | None, float]:
        if 200 <= answer.status < 300:
            self.bytes += len(parcel.body)
            return None, 0.0
        said = (await answer.content.read(_TOLD)).decode(errors="replace").strip()
        problem = f"{answer.status} {answer.reason or ''} {said}".strip()
        if answer.status in _PASSING:
            return problem, _seconds(answer.headers.get("Retry-After", ""))
        if 300 <= answer.status < 400:
            problem += f", to {answer.headers.get('Location')!r}: give that URL if it is the one"
        raise UndeliverableError(f"{self.url} refuses {parcel.id}: {problem}")

    def _headers(self, parcel: Parcel) -> dict[str, str]:
        # Wall time: receivers refuse what was signed long ago.
        now = int(time.time())
        signed = self.signer.headers(parcel.id, now, parcel.body) if self.signer else {}
        return {
            "webhook-id": parcel.id,
            "webhook-timestamp": str(now),
            "Content-Type": parcel.content_type,
            **signed,
        }


def _seconds(text: str) -> float:
    """Seconds of a Retry-After header, a number or a date; 0 if it is neither.

    >>> _seconds("120"), _seconds("soon")
    (120.0, 0.0)
    """
    if text.strip().isdecimal():
        return float(text[:9])
    try:
        moment = email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return max(0.0, moment - time.time())
