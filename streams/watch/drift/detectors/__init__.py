"""Detectors of drift, one file each."""
