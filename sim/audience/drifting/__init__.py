"""How tastes move, one law a file."""
