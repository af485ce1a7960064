"""Which item of a slate is picked, one choice model a file."""
