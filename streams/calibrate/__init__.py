"""Calibration: scenario profiles from published statistics or from logs, with a report on the fit."""
