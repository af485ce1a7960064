"""How viewers tire of a genre, one law a file."""
