"""Replay: a recommender taken through the catalogue's life without an audience, and asked about a log's slates."""

from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from sim.evaluation.judging import LoggedSlates, Verdict
from sim.pace import Pace
from sim.recommenders.live import LivePolicy
from sim.recommenders.recommender import TransparentPolicy
from sim.scenario import Scenario
from sim.world import World
from streams.exits import UsageError

__all__ = ["verdict_on"]


def verdict_on(scenario: Scenario, slates: LoggedSlates, pace: Pace) -> Verdict:
    """What the scenario's recommender thinks of slates at the times at which they were asked for.

    The world is that of a shard that owns no viewers: items are born and launched in it, panels live, the recommender
    is refreshed when it was in the run; ``pace`` must be that of the run.
    """
    shards = -(-scenario.audience.viewers // scenario.audience.block) + 3
    world = World(scenario, shard=(shards - 1, shards), pace=pace)
    policy = world.policy
    if isinstance(policy, LivePolicy) or not hasattr(policy, "propensities"):
        raise UsageError(
            f"recommender {scenario.recommender.kind!r} does not tell probabilities; judge one that is built in"
        )
    asked = cast(TransparentPolicy, policy)
    at = slates.requests.at
    if at.min() < world.catalog.start:
        raise UsageError(
            "the log begins before the scenario does; give the scenario and the --set of its run"
        )
    parts = [
        Verdict.of(asked, _rows(slates, rows), seed=scenario.seed) for rows in _by_tick(world, at, pace.span)
    ]
    return Verdict(
        np.concatenate([part.target for part in parts]), np.concatenate([part.own for part in parts])
    )


def _by_tick(world: World, at: NDArray[np.int64], span: int) -> Iterator[NDArray[np.int64]]:
    edges = np.arange(world.catalog.start, int(at.max()) + span + 1, span)
    places = np.searchsorted(at, edges)
    for begin, first, last in zip(edges[:-1], places[:-1], places[1:], strict=True):
        # Up to and with what happens when the tick begins: that is what its slates were answered with.
        world.env.run(until=int(begin) + 1)
        if last > first:
            yield np.arange(first, last)
        world.env.run(until=int(begin) + span)
        world.stage.close()


def _rows(slates: LoggedSlates, rows: NDArray[np.int64]) -> LoggedSlates:
    return LoggedSlates(
        slates.requests.rows(rows), slates.items[rows], slates.propensity[rows], slates.reward[rows]
    )
