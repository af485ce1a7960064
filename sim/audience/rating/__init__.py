"""How many stars are given, one law a file."""
