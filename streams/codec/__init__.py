"""Records to bytes and back, one format a file."""
