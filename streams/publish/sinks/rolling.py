"""Rolling: when a file of records is complete, and what it is called."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from streams.publish.sinks.shelf import Shelf

__all__ = ["FileNames", "Rolling"]


@dataclass(frozen=True)
class Rolling:
    """A file ends with the tick in which it grows to ``size``, or in which the simulated clock passes ``every``.

    >>> Rolling(every=3_600_000, size=1000).due(begun=0, now=3_600_000, size=1)
    True
    """

    every: int
    """Simulated milliseconds; 0 for never."""
    size: int
    """Bytes or rows, whichever the sink counts."""

    def due(self, *, begun: int, now: int, size: int) -> bool:
        """Whether a file that holds what happened since ``begun`` is complete at ``now``, between two ticks."""
        passed = self.every > 0 and now // self.every > begun // self.every
        return passed or size >= self.size


@dataclass(frozen=True)
class FileNames:
    """Names of the files of one shard: ``part-20260305T140000Z-0of4.parquet`` begins with the tick of that time.

    They sort by time and follow from what is in the file, so that a run that is resumed writes over what it had
    begun, and shards of one run share a folder.
    """

    shard: tuple[int, int]
    suffix: str

    def at(self, begun: int, *, version: int = 1) -> str:
        """The name of the file whose first tick begins at this simulated time (epoch ms).

        Records of a later ``version`` of their schema are in files of their own.
        """
        seconds, rest = divmod(begun, 1000)
        moment = datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%dT%H%M%S")
        return f"part-{moment}{f'.{rest:03d}' if rest else ''}Z{f'.v{version}' if version > 1 else ''}{self.ending}"

    @property
    def ending(self) -> str:
        """What all names of the shard end with."""
        return f"-{self.shard[0]}of{self.shard[1]}{self.suffix}"

    def clear(self, shelf: Shelf, folder: str, *, since: int | None = None) -> None:
        """Remove the shard's files, those that begin at ``since`` or later, or all."""
        stale: Callable[[str], bool] = self._is_ours
        if since is not None:
            first = self.at(since)
            stale = lambda name: self._is_ours(name) and name >= first  # noqa: E731
        for name in list(shelf.names(folder)):
            if stale(name):
                shelf.remove(f"{folder}/{name}")

    def _is_ours(self, name: str) -> bool:
        return name.startswith("part-") and name.endswith(self.ending)
