"""Speech with exact ground truth, one generator a file."""
