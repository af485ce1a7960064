"""Faults: who is killed, when, and for how long, all from a seed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.seeds import rng_for

__all__ = ["Fault", "faults"]


@dataclass(frozen=True)
class Fault:
    """One kill -9: its victim, the calm before it and the outage after it, in seconds."""

    victim: str
    calm_s: float
    outage_s: float


def faults(seed: int, rounds: int, victims: Sequence[str]) -> list[Fault]:
    """Rounds in which every victim comes about equally often, in an order that only the seed knows.

    >>> {fault.victim for fault in faults(7, 4, ["simulator", "enricher"])} == {"simulator", "enricher"}
    True
    """
    rng = rng_for(seed, "faults")
    turns = [victims[turn % len(victims)] for turn in range(rounds)]
    order = rng.permutation(rounds).tolist()
    return [
        Fault(turns[place], round(float(rng.uniform(2.0, 6.0)), 2), round(float(rng.uniform(0.2, 3.0)), 2))
        for place in order
    ]
