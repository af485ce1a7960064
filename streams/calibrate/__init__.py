"""Calibration: files of statistics and logs in; scenario profiles, figures and reports out."""
