"""Audio distortions, one a file."""
