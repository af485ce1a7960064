"""A figure: one measured number, and its ratio to what it is compared with."""

import os
import platform
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


def machine() -> str:
    """The machine in a few words: processor, cores, Python."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as lines:
            model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return (
        f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    )


@dataclass(frozen=True)
class Figure:
    """One row of the results; ``bound`` is what the project promises of it, if anything."""

    name: str
    value: float
    unit: str
    ratio_to: str | None = None
    ratio: float | None = None
    bound: str = ""
    machine: str = field(default_factory=machine)

    def as_json(self) -> dict[str, Any]:
        """The row as it stands in the results file."""
        return {name: value for name, value in vars(self).items() if name != "bound"}


@dataclass
class Spent:
    """Wall and CPU seconds of this process (all its threads) over a ``with`` block."""

    wall_s: float = 0.0
    cpu_s: float = 0.0


@contextmanager
def measured() -> Iterator[Spent]:
    """Measure what the block takes."""
    spent = Spent()
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield spent
    finally:
        spent.wall_s, spent.cpu_s = time.perf_counter() - wall, time.process_time() - cpu


def children_cpu_s() -> float:
    """CPU seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
