"""Image distortions, one a file."""
