"""Drift: readings of a window against a reference, one detector a file."""
