"""Why viewers leave early, one hazard a file."""
