"""Brokers, topics, offsets and lag."""
