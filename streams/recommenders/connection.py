"""The connection of a world's audience to the service behind its live recommender."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.world import World
from streams.recommenders.live_slates import LiveSlates, Note, Pacing

__all__ = ["connected"]


@contextmanager
def connected(
    world: World, *, pacing: Pacing | None, live_from: int = 0, note: Note | None = None
) -> Iterator[Callable[[], dict[str, Any]]]:
    """Ask the service for as long as the block lasts; gives a function that tells what came of it so far.

    A world with a recommender of another sort needs no connection: nothing is told of it.
    """
    policy = world.policy
    if not isinstance(policy, LiveSlates):
        yield dict
        return
    with policy.connected(_devices(world), pacing=pacing, live_from=live_from, note=note):
        yield lambda: {"recommender": {"slates": policy.served, "fallbacks": dict(policy.fallbacks)}}


def _devices(world: World) -> Callable[[NDArray[np.int64]], Sequence[str]]:
    people, names = world.cohort.population, np.array(list(world.scenario.audience.devices), dtype=object)

    def devices(viewers: NDArray[np.int64]) -> Sequence[str]:
        found: list[str] = names[people.device[np.searchsorted(people.viewer, viewers)]].tolist()
        return found

    return devices
