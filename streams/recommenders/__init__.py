"""Live recommenders: slate requests go over the wire to a service, and its answers come back into the world."""
