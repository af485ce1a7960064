"""The world: who acts, when, and what is true about it. Pure: no network, no wall clock."""
