"""Load tests of a recommender: the simulated audience asks it for slates, and lives with its answers."""
