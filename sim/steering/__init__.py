"""Changes of a running world, one a file: what can be steered, and the helm that carries it out."""
