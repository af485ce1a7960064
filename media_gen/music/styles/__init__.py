"""Styles of music, one a file: tempo, form, harmony, patterns and instruments as data."""
