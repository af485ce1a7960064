"""The schema registry: who may log in, what is registered there before a run, and what records say of it."""
