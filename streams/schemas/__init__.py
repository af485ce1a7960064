"""Schemas of the records, one language a file, all from :mod:`sim.events`."""
