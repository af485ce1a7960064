"""Music with exact ground truth, one generator a file."""
