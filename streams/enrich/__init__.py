"""Media for the records that ask for it."""
