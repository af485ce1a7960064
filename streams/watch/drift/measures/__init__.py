"""Distances between a reference and a window, one file each."""
