"""How long viewers stay away, one distribution a file."""
