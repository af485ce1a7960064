"""The darkroom: renders media specs in worker processes, beside the event loop.

Each worker is a pool of one process, so that a process that dies, or takes too long, points to the spec
that it was rendering; the other workers go on.
"""

import asyncio
import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib.util import find_spec
from multiprocessing import active_children, get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from pkgutil import iter_modules
from types import TracebackType

from media_gen.generator import GENERATORS
from media_gen.spec import MediaSpec
from streams.enrich.enrichment import Origin
from streams.enrich.failures import Failure, FailureError
from streams.enrich.rendering import Developed, Greeting, develop, greet, prepare
from streams.exits import GreenroomError

__all__ = ["Darkroom"]

_ATTEMPTS = 2
_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


class Worker:
    """One worker process: a pool of one, made anew when its process has died."""

    def __init__(self, context: BaseContext) -> None:
        self._context = context
        self._start()

    def _start(self) -> None:
        self._started = asyncio.create_task(asyncio.to_thread(_start_pool, self._context))

    async def greeting(self) -> Greeting:
        """The worker's greeting, once it is ready."""
        return (await asyncio.shield(self._started))[1]

    async def develop(
        self, store_url: str, spec: MediaSpec, origin: Origin, time_limit_s: float
    ) -> Developed | Failure:
        """One spec to one asset; BrokenProcessPool if the process died of it, TimeoutError if too slow."""
        pool, _ = await asyncio.shield(self._started)
        work = asyncio.wrap_future(pool.submit(develop, store_url, spec, origin))
        return await asyncio.wait_for(work, time_limit_s)

    async def replace(self) -> None:
        """End the process, whatever it does, and start another."""
        await self.stop()
        self._start()

    async def stop(self) -> None:
        """End the process, whatever it does."""
        await asyncio.wait({self._started})
        if self._started.exception() is None:
            await asyncio.to_thread(_end_pool, *self._started.result())


def _start_pool(context: BaseContext) -> tuple[ProcessPoolExecutor, Greeting]:
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=prepare)
    try:
        return pool, pool.submit(greet).result()
    except BaseException:
        pool.shutdown(wait=False)
        raise


def _end_pool(pool: ProcessPoolExecutor, greeting: Greeting) -> None:
    for process in active_children():
        if process.pid == greeting.pid:
            process.kill()
    pool.shutdown(wait=True, cancel_futures=True)


class Darkroom:
    """Renders specs into a store, as many at once as there are workers; more wait for their turn.

    An asynchronous context manager; once entered, workers load the generators while the program still starts.
    """

    def __init__(self, store_url: str, *, workers: int = 0, time_limit_s: float = 60.0) -> None:
        """Describe the darkroom; ``workers`` 0 is one for each core, ``time_limit_s`` is for one render."""
        self.store_url, self.time_limit_s = store_url, time_limit_s
        self.size = workers or os.cpu_count() or 1
        self._workers: list[Worker] = []
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._turns: set[asyncio.Task[Developed | Failure]] = set()

    def open(self) -> None:
        """Start the workers; returns at once."""
        context = _context()
        self._workers = [Worker(context) for _ in range(self.size)]
        for worker in self._workers:
            self._idle.put_nowait(worker)

    async def generators(self) -> Mapping[str, tuple[str, str]]:
        """Medium and version of every generator that the workers know, once one is ready."""
        try:
            return (await self._workers[0].greeting()).generators
        except Exception as error:
            raise GreenroomError(
                f"no worker could load the generators: {type(error).__name__}: {error}"
            ) from error

    async def develop(self, spec: MediaSpec, origin: Origin) -> Developed:
        """The spec's asset; FailureError if it cannot be made, StoreUnavailableError if it cannot be kept."""
        turn = asyncio.create_task(self._turn(spec, origin))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        outcome = await asyncio.shield(turn)  # who no longer waits must not leave a worker busy unnoticed
        if isinstance(outcome, Failure):
            raise FailureError(outcome)
        return outcome

    async def _turn(self, spec: MediaSpec, origin: Origin) -> Developed | Failure:
        worker = await self._idle.get()
        try:
            return await self._attempt(worker, spec, origin)
        finally:
            self._idle.put_nowait(worker)

    async def _attempt(self, worker: Worker, spec: MediaSpec, origin: Origin) -> Developed | Failure:
        for _ in range(_ATTEMPTS):
            try:
                return await worker.develop(self.store_url, spec, origin, self.time_limit_s)
            except TimeoutError:
                await worker.replace()
                limit = f"{spec.kind}: not rendered within {self.time_limit_s:g} s"
                return Failure("render_timeout", "TimeoutError", limit)
            except BrokenProcessPool:
                await worker.replace()
        return Failure(
            "worker_died", "BrokenProcessPool", f"{spec.kind}: {_ATTEMPTS} worker processes died rendering it"
        )

    async def close(self) -> None:
        """End the workers at once; what they were writing stays invisible."""
        for turn in self._turns:
            turn.cancel()
        await asyncio.gather(*(worker.stop() for worker in self._workers))

    async def __aenter__(self) -> "Darkroom":
        self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _context() -> BaseContext:
    for name in _ONE_THREAD:  # workers share the cores already; BLAS reads this when it is loaded
        os.environ.setdefault(name, "1")
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["__main__", "streams.enrich.rendering", *_generator_modules()])
    return context


def _generator_modules() -> list[str]:
    found = [find_spec(package) for package in GENERATORS.packages]
    places = [(spec.name, spec.submodule_search_locations) for spec in found if spec is not None]
    return [module.name for name, path in places for module in iter_modules(path, f"{name}.")]
