"""Checkpoints in a store: the state of a shard's world, so that it can go on without acting out its past again."""

import hashlib
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from media_gen.rendition import MediaFile, Rendition
from streams.progress import CheckpointAddress
from streams.store import AssetStore, StoreUnavailableError

__all__ = ["Checkpoints"]

_FILE = "world.checkpoint"
_MEDIA_TYPE = "application/vnd.greenroom.checkpoint"


class _World(Protocol):
    """What can be written down between two ticks."""

    def checkpoint(self) -> bytes:
        """Its state."""


class Checkpoints:
    """The checkpoints of one shard, content-addressed; an old one goes once a later one is committed.

    A store that cannot be written is told, and does not end a run: going on without a checkpoint takes longer, and
    comes to the same.
    """

    def __init__(
        self,
        url: str,
        run: str,
        shard: tuple[int, int],
        *,
        every_s: float,
        clock: Callable[[], float] = time.monotonic,
        tell: Callable[[str], None] = lambda words: None,
    ) -> None:
        """``url`` is a folder or an fsspec URL, which many runs may share; ``tell`` is told what does not work."""
        self._store = AssetStore(f"{url.rstrip('/')}/{run}/shard-{shard[0]}-of-{shard[1]}")
        self._every_s, self._clock, self._tell = every_s, clock, tell
        self._made_at = clock()
        self._made: deque[CheckpointAddress] = deque()
        self._named: CheckpointAddress | None = None
        self._superseded: list[str] = []
        self._obsolete: list[str] = []

    def go_on_from(self, address: CheckpointAddress | None) -> None:
        """Begin where an earlier process ended: what it has left beside this checkpoint is removed."""
        self._named = address
        kept = address.sha256 if address else ""
        self._remove([name for name in self._listed() if name != kept])

    def load(self, address: CheckpointAddress) -> bytes | None:
        """The checkpoint with this digest, or None, and a word about it, if it is not there as it was written."""
        try:
            content = self._store.read(address.sha256, _FILE)
        except (OSError, StoreUnavailableError) as error:
            self._tell(f"the checkpoint {address.uri} cannot be read ({error})")
            return None
        if hashlib.sha256(content).hexdigest() != address.sha256:
            self._tell(f"the checkpoint {address.uri} is damaged")
            return None
        return content

    def consider(self, world: _World, tick: int) -> None:
        """Between two ticks: make a checkpoint if the time has come; ``tick`` comes next."""
        if self._clock() - self._made_at >= self._every_s:
            self.make(world, tick)

    def make(self, world: _World, tick: int) -> None:
        """Make a checkpoint now."""
        content = world.checkpoint()
        name = hashlib.sha256(content).hexdigest()
        try:
            self._store.put(name, Rendition((MediaFile("checkpoint", _FILE, _MEDIA_TYPE, content),), {}))
            self._store.seal(name, {"tick": tick, "bytes": len(content)})
        except StoreUnavailableError as error:
            self._tell(f"no checkpoint: {error}")
        else:
            self._made.append(CheckpointAddress(tick=tick, uri=self._store.uri(name, _FILE), sha256=name))
        self._made_at = self._clock()

    def stands_before(self, tick: int) -> bool:
        """Whether a checkpoint that no progress record names yet was made right before this tick."""
        return any(address.tick == tick for address in self._made.copy())

    def newest(self, tick: int) -> CheckpointAddress | None:
        """The newest checkpoint from which a run can come to this tick: it stands in the next progress record."""
        while self._made and self._made[0].tick <= tick:
            if self._named is not None:
                self._superseded.append(self._named.sha256)
            self._named = self._made.popleft()
        return self._named

    def committed(self) -> None:
        """All progress records but the newest are committed: what they have superseded is removed."""
        self._remove([name for name in self._obsolete if self._named is None or name != self._named.sha256])
        self._obsolete, self._superseded = self._superseded, []

    def _remove(self, names: list[str]) -> None:
        try:
            for name in names:
                self._store.remove(name)
        except StoreUnavailableError as error:
            self._tell(str(error))

    def _listed(self) -> list[str]:
        try:
            return self._store.assets()
        except StoreUnavailableError as error:
            self._tell(str(error))
            return []
