"""The wire and the wall clock: everything that touches the network."""
