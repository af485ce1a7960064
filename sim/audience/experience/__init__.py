"""How well playback works, one model a file."""
