"""How long viewers stay with the service, one model a file."""
