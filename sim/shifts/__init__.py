"""Planned drift, one shift a file."""
