"""The live page: what a monitor knows, as panels that a browser follows, and the server that carries them."""
