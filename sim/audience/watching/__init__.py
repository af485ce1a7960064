"""How much of an item is watched, one survival model a file."""
