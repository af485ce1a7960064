"""The closed loop, for comparison: each of a few callers sends its next request when its last one is answered."""

import asyncio
import time
from collections.abc import Iterator

from streams.loadtest.exchange import Exchange, Transport
from streams.loadtest.percentiles import Percentiles

__all__ = ["closed_loop"]


def closed_loop(
    transport: Transport, bodies: Iterator[tuple[str, bytes]], *, callers: int, rate: float, seconds: float
) -> Percentiles:
    """Latencies as a tool would tell them that waits for answers: while the target stalls, it asks nothing.

    Together the callers aim at ``rate`` requests/s, each waiting out its own interval, and time every request from its
    own sending. What was meant to be sent during a stall is never seen (coordinated omission; Tene 2013).
    """
    return asyncio.run(_called(transport, bodies, callers, callers / rate, seconds))


async def _called(
    transport: Transport, bodies: Iterator[tuple[str, bytes]], callers: int, every: float, seconds: float
) -> Percentiles:
    times, end = Percentiles(), time.monotonic() + seconds

    async def call(first: float) -> None:
        await asyncio.sleep(first)
        while (sent := time.monotonic()) < end:
            key, body = next(bodies)
            await transport.exchange(Exchange.single(key, body, sent))
            done = time.monotonic()
            times.note(done - sent)
            await asyncio.sleep(max(sent + every - done, 0))

    await transport.open()
    try:
        await asyncio.gather(*(call(every * place / callers) for place in range(callers)))
    finally:
        await transport.close()
    return times
