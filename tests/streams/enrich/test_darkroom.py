import asyncio
from collections.abc import Awaitable, Callable
from multiprocessing import active_children
from pathlib import Path

import pytest

from media_gen.spec import MediaSpec
from streams.enrich.darkroom import Darkroom
from streams.enrich.enrichment import Origin
from streams.enrich.failures import FailureError
from streams.enrich.rendering import Developed
from tests.streams.enrich.enricher import swatch

pytestmark = pytest.mark.usefixtures("swatch")
ORIGIN = Origin("7f3ak00001-000000000000", 1_700_000_000_000)


def working(
    folder: Path, work: Callable[[Darkroom], Awaitable[None]], *, workers: int = 1, time_limit_s: float = 30.0
) -> None:
    async def main() -> None:
        async with Darkroom(str(folder), workers=workers, time_limit_s=time_limit_s) as darkroom:
            await work(darkroom)

    asyncio.run(main())


def ask(darkroom: Darkroom, seed: int, **params: object) -> "asyncio.Task[Developed]":
    return asyncio.create_task(darkroom.develop(MediaSpec.model_validate(swatch(seed, **params)), ORIGIN))


def test_workers_render_side_by_side_and_know_the_generators(tmp_path: Path) -> None:
    async def work(darkroom: Darkroom) -> None:
        assert (await darkroom.generators())["swatch"] == ("visual", "1")
        done = await asyncio.gather(*(ask(darkroom, seed) for seed in range(6)))
        assert all(developed.fresh for developed in done)
        assert len({developed.record["asset_id"] for developed in done}) == 6

    working(tmp_path, work, workers=2)


def test_a_spec_that_kills_its_workers_is_named_and_the_others_are_rendered(tmp_path: Path) -> None:
    async def work(darkroom: Darkroom) -> None:
        killer, others = ask(darkroom, 0, ending="die"), [ask(darkroom, seed) for seed in range(1, 5)]
        with pytest.raises(FailureError, match="worker_died: swatch: 2 worker processes died"):
            await killer
        assert all(developed.fresh for developed in await asyncio.gather(*others))

    working(tmp_path, work, workers=2)


def test_a_render_that_takes_too_long_is_ended_and_the_next_is_rendered(tmp_path: Path) -> None:
    async def work(darkroom: Darkroom) -> None:
        await darkroom.generators()
        slow, next_one = ask(darkroom, 0, seconds=60), ask(darkroom, 1)
        with pytest.raises(FailureError, match=r"render_timeout: swatch: not rendered within 1 s"):
            await slow
        assert (await next_one).fresh

    working(tmp_path, work, time_limit_s=1.0)


def test_who_stops_waiting_does_not_put_the_next_render_behind_a_busy_worker(tmp_path: Path) -> None:
    async def work(darkroom: Darkroom) -> None:
        await darkroom.generators()
        impatient = ask(darkroom, 0, seconds=1.5)
        await asyncio.sleep(0.2)
        impatient.cancel()
        assert (await ask(darkroom, 1, seconds=1.0)).fresh

    working(tmp_path, work, time_limit_s=2.0)


def test_no_worker_outlives_the_darkroom(tmp_path: Path) -> None:
    async def work(darkroom: Darkroom) -> None:
        await asyncio.gather(*(ask(darkroom, seed) for seed in range(4)))
        assert len(active_children()) == 2

    working(tmp_path, work, workers=2)
    assert active_children() == []
