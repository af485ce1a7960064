"""Watching the stream: drift, delivery audit, metrics."""
