"""Statistics of a chronicle, grouped by theme; each knows nothing of the parameters that made it."""
