"""Checkpoints: the state of a world between two ticks, as bytes that can be trusted no further than plain data."""
