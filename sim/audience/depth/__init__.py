"""How many slates a session has, one distribution a file."""
