"""Kinds of record, a topic each."""
