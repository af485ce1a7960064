"""What is wrong with a checkpoint."""

__all__ = ["CheckpointError"]


class CheckpointError(ValueError):
    """A checkpoint that cannot be made, read, or put back into this world; the message says why and what helps."""
