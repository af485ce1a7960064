"""Faults: the whole pipeline on three brokers while kill -9 goes round, and proof of what was left in the end."""
