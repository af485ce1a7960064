"""Data sets in files: Parquet, a Croissant description and a data card."""
