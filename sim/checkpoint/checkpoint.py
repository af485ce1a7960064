"""A checkpoint: a world between two ticks."""

from dataclasses import dataclass
from typing import Any

from sim.checkpoint.archive import packed, unpacked
from sim.checkpoint.errors import CheckpointError
from sim.checkpoint.taking import Snapshot

__all__ = ["Checkpoint"]


@dataclass(frozen=True)
class Checkpoint:
    """What the audience held when a tick was about to begin, of which world, and what the stage had come to by then.

    ``identity`` and ``outcome`` are plain data (see :mod:`sim.checkpoint.identity`), and so are ``changes``: what was
    steered into the run until then, and when (epoch ms).
    """

    tick: int
    identity: dict[str, Any]
    outcome: dict[str, Any]
    changes: list[tuple[int, dict[str, Any]]]
    snapshot: Snapshot

    def written(self) -> bytes:
        """The checkpoint as bytes."""
        about = {name: part for name, part in vars(self).items() if name != "snapshot"}
        return packed(about, self.snapshot)

    @classmethod
    def read(cls, archive: bytes) -> "Checkpoint":
        """The checkpoint in bytes from anywhere: nothing in them can be run. CheckpointError if they are damaged."""
        about, snapshot = unpacked(archive)
        try:
            return cls(**about, snapshot=snapshot)
        except TypeError as wrong:
            raise CheckpointError(f"what the checkpoint says of itself makes no sense: {wrong}") from wrong
