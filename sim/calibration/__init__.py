"""Calibration: statistics of what was simulated, the targets they are held to, and the search for parameters."""
